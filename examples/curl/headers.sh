#!/bin/sh
# Prints the headers of an answer: request id, limits, cache, cost.
curl -s -D - -o /dev/null "$OPENAI_BASE_URL/chat/completions" \
  -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' \
  -d '{
    "model": "'"${MODEL:-small}"'",
    "messages": [{"role": "user", "content": "Name a river."}],
    "max_completion_tokens": 30,
    "temperature": 0
  }'
