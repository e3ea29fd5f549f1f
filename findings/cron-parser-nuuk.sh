#!/usr/bin/env bash
# npm cron-parser 5.10.5: in America/Nuuk clocks go from 23:00 to 24:00 on 27 March 2027. 22:30 exists that evening, but a schedule at
# 22:30 every day has no run on that date: 26 March, then 28 March. Guess: only times inside the gap are touched.
# Seen: 26, 28, 29 March (local dates). The zone data is that of Node, here 2025c; NodaTime has a valid 22:30 on the 27th.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . cron-parser@5.10.5 >/dev/null
cat >t.mjs <<'P'
import { CronExpressionParser } from 'cron-parser';
const tz = 'America/Nuuk';
const runs = CronExpressionParser.parse('30 22 * * *', { tz, currentDate: new Date('2027-03-26T12:00:00Z') });
const local = new Intl.DateTimeFormat('en-GB', { timeZone: tz, day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit' });
for (let i = 0; i < 3; i++) console.log(local.format(runs.next().toDate()));
P
seen=$(node t.mjs)
echo "$seen"
[ "$seen" = $'26/03, 22:30\n28/03, 22:30\n29/03, 22:30' ]
