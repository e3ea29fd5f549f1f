#!/usr/bin/env bash
# npm orval 7.13.2, client "zod": of a schema with several types (OpenAPI 3.1) it takes the first for all of it. A name that may be null
# is then a name, or null alone, by the order in which the document lists the two. Guess: the order of a set says nothing, both are a
# nullable string.
# Seen: '"last": zod.string().nullable()' for ["string", "null"], and '"first": zod.null().nullable()' for ["null", "string"].
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . orval@7.13.2 >/dev/null
cat >api.json <<'P'
{ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "get": { "operationId": "getA", "responses": { "200": {
  "description": "a", "content": { "application/json": { "schema": { "type": "object", "required": ["last", "first"], "properties": {
    "last": { "type": ["string", "null"] }, "first": { "type": ["null", "string"] } } } } } } } } } } }
P
npx --no-install orval --input api.json --output client.ts --client zod >/dev/null 2>&1
seen=$(grep -oE '"(last|first)": zod\.[a-z().]+' client.ts)
echo "$seen"
[ "$seen" = $'"last": zod.string().nullable()\n"first": zod.null().nullable()' ]
