#!/bin/sh
# Prints the vectors of two texts as numbers.
curl -s "$OPENAI_BASE_URL/embeddings" \
  -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' \
  -d '{
    "model": "'"${EMBEDDING_MODEL:-hash-embedding}"'",
    "input": ["A boat on the river.", "A ship upon the stream."],
    "encoding_format": "float"
  }'
