#!/usr/bin/env bash
# npm parse-sse 0.1.0: an event whose empty line never came (the connection was cut) is delivered as if it were whole, so a payload
# that was cut at a line's end is taken for all of it. Guess: it is dropped, as the format of the HTML standard asks.
# Seen: "1 a" and "2 first line".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . parse-sse@0.1.0 >/dev/null
cat >t.mjs <<'P'
import { parseServerSentEvents } from 'parse-sse';
// The second event was to have two lines of data.
const cut = new Response('id: 1\ndata: a\n\nid: 2\ndata: first line\n', { headers: { 'content-type': 'text/event-stream' } });
for await (const event of parseServerSentEvents(cut)) console.log(event.lastEventId ?? event.id, event.data);
P
seen=$(node t.mjs)
echo "$seen"
[ "$seen" = $'1 a\n2 first line' ]
