#!/usr/bin/env bash
# NSwag 14.8.0 (NSwag.ConsoleCore), C# client for System.Text.Json: each word of an enum becomes a member with [EnumMember(Value = word)]
# and [JsonConverter(typeof(JsonStringEnumConverter))], which does not look at EnumMember. Guess: words go out and come in as the
# document says; .NET 9 brought JsonStringEnumMemberName for it. The client for Newtonsoft.Json does so.
# Seen: a client that sends "Dark_red" for "dark_red", and cannot read "light-blue".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet tool install NSwag.ConsoleCore --version 14.8.0 --tool-path tool >/dev/null
cat >api.json <<'P'
{ "openapi": "3.0.3", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "get": { "operationId": "getA", "responses": { "200": {
  "description": "a", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Paint" } } } } } } } },
  "components": { "schemas": { "Paint": { "type": "object", "properties": { "colour": { "$ref": "#/components/schemas/Colour" } } },
    "Colour": { "type": "string", "enum": ["dark_red", "light-blue"] } } } }
P
tool/nswag openapi2csclient /input:api.json /output:Client.cs /namespace:Api /className:Client /jsonLibrary:SystemTextJson >/dev/null
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
P
cat >Program.cs <<'P'
using System.Text.Json;
using Api;

foreach (var word in new[] { "dark_red", "light-blue" })
{
    var sent = "nothing: it cannot be read";
    try { sent = JsonSerializer.Serialize(JsonSerializer.Deserialize<Paint>($$"""{"colour":"{{word}}"}""")); } catch (JsonException) { }
    Console.WriteLine($"{word} goes out as {sent}");
}
P
seen=$(dotnet run)
echo "$seen"
[ "$seen" = $'dark_red goes out as {"colour":"Dark_red"}\nlight-blue goes out as nothing: it cannot be read' ]
