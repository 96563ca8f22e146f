"""What a refused call says. The client retries what is worth it by itself; max_retries=0 shows it."""

import os

from openai import BadRequestError, OpenAI, RateLimitError

client = OpenAI(max_retries=0)
try:
    client.chat.completions.create(
        model=os.environ.get("MODEL", "small"),
        messages=[{"role": "user", "content": "Hello."}],
        max_completion_tokens=1_000_000,
    )
except RateLimitError as error:  # 429: x-weir-limit names the limit, retry-after the time
    headers = error.response.headers
    print(error.code, headers.get("x-weir-limit"), headers.get("retry-after"), error.request_id)
except BadRequestError as error:  # 400: would never pass as it is
    print(error.code, error.param, error.request_id)
