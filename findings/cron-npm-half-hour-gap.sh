#!/usr/bin/env bash
# npm cron 4.4.0: on Lord Howe Island clocks go forward by half an hour, from 02:00 to 02:30 on 3 October 2027. A schedule at 02:15 every
# day runs twice that night, at 01:45 and at 02:45, neither of them the gap's end. Guess: once, at 02:30 (croner 11.0.0 does so).
# Seen: "cron 15:15Z 15:45Z", "croner 15:30Z" (01:45 and 02:45 local: before the change the offset is +10:30, after it +11:00).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-save --prefix . cron@4.4.0 croner@11.0.0 >/dev/null
cat >t.mjs <<'P'
import { CronTime } from 'cron';
import { Cron } from 'croner';
const tz = 'Australia/Lord_Howe', end = new Date('2027-10-02T20:00:00Z');
const line = (name, next) => {
  const seen = [];
  for (let at = next(new Date('2027-10-02T03:00:00Z')); at < end; at = next(at)) seen.push(at.toISOString().slice(11, 16) + 'Z');
  console.log(name, ...seen);
};
const cron = new CronTime('15 2 * * *', tz), croner = new Cron('15 2 * * *', { timezone: tz, paused: true });
line('cron', from => cron.getNextDateFrom(from, tz).toJSDate());
line('croner', from => croner.nextRun(from));
P
seen=$(node t.mjs)
echo "$seen"
[ "$seen" = $'cron 15:15Z 15:45Z\ncroner 15:30Z' ]
