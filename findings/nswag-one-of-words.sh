#!/usr/bin/env bash
# NSwag 14.8.0 (NSwag.ConsoleCore), C# client: a string that is "oneOf" some constants becomes an object, one that is "anyOf" the same
# constants a string. Guess: both mean the same, as no text equals two constants, and both say "type": "string".
# Seen: "public object One" and "public string Any".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet tool install NSwag.ConsoleCore --version 14.8.0 --tool-path tool >/dev/null
cat >api.json <<'P'
{ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "get": { "operationId": "getA", "responses": { "200": {
  "description": "a", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Words" } } } } } } } },
  "components": { "schemas": {
    "Words": { "type": "object", "properties": { "one": { "$ref": "#/components/schemas/One" }, "any": { "$ref": "#/components/schemas/Any" } } },
    "One": { "type": "string", "oneOf": [{ "const": "a" }, { "const": "b" }] },
    "Any": { "type": "string", "anyOf": [{ "const": "a" }, { "const": "b" }] } } } }
P
tool/nswag openapi2csclient /input:api.json /output:Client.cs /namespace:Api /className:Client /jsonLibrary:SystemTextJson >/dev/null
seen=$(grep -oE 'public [a-z]+ (One|Any)' Client.cs)
echo "$seen"
[ "$seen" = $'public object One\npublic string Any' ]
