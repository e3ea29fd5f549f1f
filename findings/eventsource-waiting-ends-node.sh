#!/usr/bin/env bash
# npm eventsource 5.1.5: a Node.js process whose only business is to follow a stream ends, with exit code 0, while the client waits to
# reconnect: its timer does not keep the process running. Guess: it comes back after the time that the stream's "retry:" named, as in
# a browser, and as npm eventsource-client 1.2.0 of the same maintainers does.
# Seen: "eventsource: 1 connection, exit 0" and "eventsource-client: 2 connections".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . eventsource@5.1.5 eventsource-client@1.2.0 >/dev/null
cat >eventsource.mjs <<'P'
import { EventSource } from 'eventsource';
new EventSource(process.argv[2]);
P
cat >eventsource-client.mjs <<'P'
import { createEventSource } from 'eventsource-client';
createEventSource({ url: process.argv[2], onMessage() {} });
P
cat >t.mjs <<'P'
import http from 'node:http';
import { spawn } from 'node:child_process';
for (const name of ['eventsource', 'eventsource-client']) {
  await new Promise(resolve => {
    let connections = 0;
    const server = http.createServer((request, response) => {
      connections++;
      response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
      response.end('retry: 500\n\ndata: a\n\n');
      if (connections === 2) follower.kill();
    });
    let follower;
    server.listen(0, '127.0.0.1', () => {
      follower = spawn(process.execPath, [`${name}.mjs`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'inherit' });
      follower.on('exit', code => {
        console.log(`${name}: ${connections === 1 ? `1 connection, exit ${code}` : `${connections} connections`}`);
        server.close(resolve);
      });
    });
  });
}
process.exit(0);
P
seen=$(timeout 60 node t.mjs)
echo "$seen"
[ "$seen" = $'eventsource: 1 connection, exit 0\neventsource-client: 2 connections' ]
