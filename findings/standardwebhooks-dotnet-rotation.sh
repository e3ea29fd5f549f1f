#!/usr/bin/env bash
# NuGet StandardWebhooks 1.1.2 looks only at the first signature of a webhook-signature header. The Standard Webhooks specification puts
# several in one header while a secret is being changed, so that a receiver with either secret accepts the call; npm standardwebhooks
# 1.1.1 does. Guess: both look at all. (It refuses a valid call; it accepts none that is wrong.)
# Seen: "old secret first: accepted", "new secret first: refused" for a receiver that still has the old secret; npm accepts both.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . standardwebhooks@1.1.1 >/dev/null
cat >t.mjs <<'P'
import { Webhook } from 'standardwebhooks';
import { writeFileSync } from 'node:fs';
const secrets = ['whsec_' + Buffer.alloc(24, 1).toString('base64'), 'whsec_' + Buffer.alloc(24, 2).toString('base64')];
const at = new Date(), body = '{"a":1}';
const [older, newer] = secrets.map(secret => new Webhook(secret).sign('msg_1', at, body));
const calls = { 'old secret first': `${older} ${newer}`, 'new secret first': `${newer} ${older}` };
for (const [name, signature] of Object.entries(calls)) {
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature };
  let verdict = 'accepted';
  try { new Webhook(secrets[0]).verify(body, headers); } catch { verdict = 'refused'; }
  console.log(`npm, ${name}: ${verdict}`);
  writeFileSync(`${name}.txt`, [secrets[0], headers['webhook-timestamp'], signature].join('\n'));
}
P
cat >p.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
<ItemGroup><PackageReference Include="StandardWebhooks" Version="[1.1.2]" /></ItemGroup></Project>
P
cat >Program.cs <<'P'
using StandardWebhooks;

foreach (var name in new[] { "old secret first", "new secret first" })
{
    var call = File.ReadAllLines($"{name}.txt");
    var headers = new HeaderDictionary { ["webhook-id"] = "msg_1", ["webhook-timestamp"] = call[1], ["webhook-signature"] = call[2] };
    var verdict = "accepted";
    try { new StandardWebhook(call[0]).Verify("{\"a\":1}", headers); } catch (StandardWebhooks.Diagnostics.WebhookVerificationException) { verdict = "refused"; }
    Console.WriteLine($".NET, {name}: {verdict}");
}
P
seen=$(node t.mjs; dotnet run)
echo "$seen"
[ "$seen" = $'npm, old secret first: accepted\nnpm, new secret first: accepted\n.NET, old secret first: accepted\n.NET, new secret first: refused' ]
