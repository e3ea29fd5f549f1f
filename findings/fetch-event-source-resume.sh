#!/usr/bin/env bash
# npm @microsoft/fetch-event-source 2.0.1: a stream that is cut inside an event is resumed with the id of that event, which was never
# handed to the caller and so is lost. Guess: Last-Event-ID is the last event that was delivered, as in a browser's EventSource.
# Seen: "delivered 1, asks for what came after 2".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . @microsoft/fetch-event-source@2.0.1 >/dev/null
cat >t.mjs <<'P'
import http from 'node:http';
import { fetchEventSource } from '@microsoft/fetch-event-source';
// The library asks a page whether it is hidden.
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
const delivered = [];
let calls = 0;
const server = http.createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (++calls === 1) return response.end('retry: 20\nid: 1\ndata: a\n\nid: 2\ndata: b\n');
  console.log(`delivered ${delivered}, asks for what came after ${request.headers['last-event-id']}`);
  process.exit(0);
});
server.listen(0, '127.0.0.1', () => fetchEventSource(`http://127.0.0.1:${server.address().port}/`, {
  openWhenHidden: true,
  onmessage: event => { if (event.data) delivered.push(event.id); },
  onclose() { throw new Error('cut'); },
  onerror() {},
}));
P
seen=$(timeout 30 node t.mjs)
echo "$seen"
[ "$seen" = 'delivered 1, asks for what came after 2' ]
