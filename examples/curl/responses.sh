#!/bin/sh
# Two turns: the second names the first instead of sending it again.
respond() {
  curl -s "$OPENAI_BASE_URL/responses" \
    -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' -d "$1"
}
model=${MODEL:-scripted}
first=$(respond '{"model": "'"$model"'", "input": "Name a river."}' |
  sed 's/.*"id":"\(resp_[^"]*\)".*/\1/')
respond '{"model": "'"$model"'", "input": "And where is it?", "previous_response_id": "'"$first"'"}'
