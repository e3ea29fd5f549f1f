#!/usr/bin/env node
// A JobQueue worker in JavaScript. It needs node 20 or newer and no packages.
//
//     JOBQUEUE_URL=http://localhost:5080 JOBQUEUE_TOKEN=jq_... node worker.mjs
//
// JOBQUEUE_TYPES names the job types to take, separated by commas (default: greet). JOBQUEUE_COUNT jobs run at once (default: 4).
// SIGTERM and Ctrl-C let the running jobs end first.
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const url = (process.env.JOBQUEUE_URL ?? 'http://localhost:5080').replace(/\/+$/, '');
const token = process.env.JOBQUEUE_TOKEN;
const types = (process.env.JOBQUEUE_TYPES ?? 'greet').split(',');
const count = Number(process.env.JOBQUEUE_COUNT ?? 4);
const worker = `${hostname()}:${process.pid}`;
const leaseSeconds = 30;

/** The job is not ours any more, or somebody wants it cancelled. */
class Stop extends Error {}
class LeaseLost extends Stop {}

/** Your work. What it returns is the result; what it throws is a failed attempt, tried again later. */
async function handle(job, { report, signal }) {
  await report(50, 'half of it');
  signal.throwIfAborted();
  return { greeting: `Hello, ${job.payload?.name ?? 'world'}!` };
}

/** Posts JSON until the server answers: it may be restarting, or the network may be down for a while. */
async function call(path, body, signal) {
  for (let pause = 250; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
      if (answer.ok) return await answer.json();
      if (answer.status === 409) throw new LeaseLost();
      if (answer.status !== 429 && answer.status < 500) {
        console.error(`The server refused: ${await answer.text()}`);
        process.exit(1);
      }
      pause = Math.max(pause, 1000 * Number(answer.headers.get('retry-after') ?? 0));
    } catch (error) {
      if (error instanceof LeaseLost || signal?.aborted) throw error;
      console.error(`${url} cannot be reached (${error.cause?.message ?? error.message}), trying again`);
    }
    await sleep(pause, undefined, { signal });
  }
}

/** One job from its lease to its end. A heartbeat goes out three times a lease, whatever the handler does. */
async function run({ job, lease_token }) {
  const path = `/leases/${lease_token}`;
  const stop = new AbortController();
  const beat = async (body) => {
    try {
      if ((await call(`${path}/heartbeat`, body)).cancel_requested) stop.abort(new Stop());
    } catch (error) {
      stop.abort(error);
    }
  };
  const keeper = setInterval(() => beat({}), (leaseSeconds * 1000) / 3);
  const report = (percent, message, log) => beat({ progress: { percent, message }, log });
  try {
    const result = await handle(job, { report, signal: stop.signal });
    await call(`${path}/ack`, { result });
  } catch (error) {
    if (error instanceof LeaseLost) return;
    const [verb, body] = error instanceof Stop
      ? ['release', {}]
      : ['fail', { error: { message: String(error?.message ?? error), type: error?.name ?? 'Error' } }];
    await call(`${path}/${verb}`, body).catch(() => {});
  } finally {
    clearInterval(keeper);
  }
}

const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => stopping.abort());

async function work() {
  while (!stopping.signal.aborted) {
    const wish = { worker, types, lease_seconds: leaseSeconds, wait_seconds: 30 };
    const answer = await call('/leases', wish, stopping.signal).catch(() => ({ items: [] }));
    for (const lease of answer.items) await run(lease);
  }
}

await Promise.all(Array.from({ length: count }, work));
