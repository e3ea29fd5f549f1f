#!/usr/bin/env bash
# npm ratelimit-header-parser 0.1.0 does not read the RateLimit fields of the IETF draft since its 8th version ('"default";r=9;t=31'),
# and does not say so either: it answers an object whose numbers are all NaN, where it promises undefined for "no limit told". A client
# that goes on only while `remaining` is above 0 stands still for ever. Guess: it reads them, or answers undefined.
# Seen: "draft 7: limit 10, remaining 9" and "draft 10: limit NaN, remaining NaN"; a plain answer without the fields gives undefined.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . ratelimit-header-parser@0.1.0 >/dev/null
cat >t.mjs <<'P'
import { parseRateLimit } from 'ratelimit-header-parser';
const told = (name, headers) => {
  const limit = parseRateLimit({ headers });
  console.log(`${name}: ${limit ? `limit ${limit.limit}, remaining ${limit.remaining}` : limit}`);
};
told('none', { date: 'x' });
told('draft 7', { ratelimit: 'limit=10, remaining=9, reset=31', 'ratelimit-policy': '10;w=60' });
told('draft 10', { ratelimit: '"default";r=9;t=31', 'ratelimit-policy': '"default";q=10;w=60' });
P
seen=$(node t.mjs)
echo "$seen"
[ "$seen" = $'none: undefined\ndraft 7: limit 10, remaining 9\ndraft 10: limit NaN, remaining NaN' ]
