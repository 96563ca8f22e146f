#!/bin/sh
# Prints the events of a streamed answer.
curl -sN "$OPENAI_BASE_URL/chat/completions" \
  -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' \
  -d '{
    "model": "'"${MODEL:-small}"'",
    "messages": [{"role": "user", "content": "Write one sentence about rivers."}],
    "max_completion_tokens": 60,
    "stream": true,
    "stream_options": {"include_usage": true}
  }'
