#!/usr/bin/env bash
# npm cron-schedule 6.0.0 takes "6#3" (the third Saturday of a month elsewhere) without an error for every Saturday. Guess: the third, or
# a refusal, as from every other library that does not know "#".
# Seen: 2027-01-02, 2027-01-09, 2027-01-16.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . cron-schedule@6.0.0 >/dev/null
cat >t.mjs <<'P'
import { parseCronExpression } from 'cron-schedule';
const cron = parseCronExpression('0 12 * * 6#3');
let at = new Date(2027, 0, 1);
for (let i = 0; i < 3; i++) {
  at = cron.getNextDate(at);
  console.log(at.toISOString().slice(0, 10));
}
P
seen=$(TZ=UTC node t.mjs)
echo "$seen"
[ "$seen" = $'2027-01-02\n2027-01-09\n2027-01-16' ]
