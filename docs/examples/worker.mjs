#!/usr/bin/env node
// A JobQueue worker in JavaScript. It needs node 20 or newer and no packages.
//
//     JOBQUEUE_URL=http://localhost:5080 JOBQUEUE_TOKEN=jq_... node worker.mjs
//
// JOBQUEUE_TYPES names the job types to take, separated by commas (default: greet). JOBQUEUE_COUNT jobs run at once (default: 4).
// SIGTERM and Ctrl-C let the running jobs end first.
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const url = (process.env.JOBQUEUE_URL ?? 'http://localhost:5080').replace(/\/+$/, '');
const token = process.env.JOBQUEUE_TOKEN;
const types = (process.env.JOBQUEUE_TYPES ?? 'greet').split(',');
const count = Number(process.env.JOBQUEUE_COUNT ?? 4);
const worker = `${hostname()}:${process.pid}`;
const leaseSeconds = 30;

/** The job is not ours any more, or somebody wants it cancelled. */
class Stop extends Error {}
class LeaseLost extends Stop {}

/** The server says that it will not take this, now or later: a result it cannot keep, say. */
class Refused extends Error {}

/** Your work. What it returns is the result; what it throws is a failed attempt, tried again later. */
async function handle(job, { report, signal }) {
  await report(50, 'half of it');
  signal.throwIfAborted();
  return { greeting: `Hello, ${job.payload?.name ?? 'world'}!` };
}

/** Posts JSON until the server answers: it may be restarting, or the network may be down for a while. */
async function call(path, body, signal) {
  const json = JSON.stringify(body);
  for (let pause = 250; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: json,
        signal,
      });
      if (answer.ok) return await answer.json();
      if (answer.status === 409) throw new LeaseLost();
      if (answer.status === 401 || answer.status === 403) {
        console.error(`The server refuses the token: ${await answer.text()}`);
        process.exit(1);
      }
      if (answer.status !== 408 && answer.status !== 429 && answer.status < 500) throw new Refused(await sentence(answer));
      pause = Math.max(pause, 1000 * Number(answer.headers.get('retry-after') ?? 0));
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof Refused || signal?.aborted) throw error;
      console.error(`${url} cannot be reached (${error.cause?.message ?? error.message}), trying again`);
    }
    await sleep(pause, undefined, { signal });
  }
}

/** What the server says in its problem document (RFC 9457). */
async function sentence(answer) {
  const { detail, errors } = await answer.json().catch(() => ({}));
  const fields = Object.entries(errors ?? {}).map(([field, said]) => `${field}: ${said.join('; ')}`);
  return detail ? [detail, ...fields].join(' ') : `The server answered ${answer.status}.`;
}

/** One job from its lease to its end, which it answers. A heartbeat goes out three times a lease, whatever the handler does. */
async function run({ job, lease_token }) {
  const stop = new AbortController();
  const beat = async (body) => {
    try {
      if ((await call(`/leases/${lease_token}/heartbeat`, body)).cancel_requested) stop.abort(new Stop());
    } catch (error) {
      if (error instanceof Refused) console.error(`a report of ${job.id} was refused: ${error.message}`);
      else stop.abort(error);
    }
  };
  const keeper = setInterval(() => beat({}), (leaseSeconds * 1000) / 3);
  const report = (percent, message, log) => beat({ progress: { percent, message }, log });
  try {
    const end = { lease_token, ack: { result: await handle(job, { report, signal: stop.signal }) } };
    JSON.stringify(end);
    return end;
  } catch (error) {
    if (error instanceof LeaseLost) return undefined;
    return error instanceof Stop ? { lease_token, release: {} } : { lease_token, fail: failure(error) };
  } finally {
    clearInterval(keeper);
  }
}

/** Handlers throw anything. Running again will not change a result that was refused. */
function failure(error) {
  const message = typeof error?.message === 'string' ? error.message : inspect(error);
  const type = error instanceof Refused ? 'invalid_result' : typeof error?.name === 'string' ? error.name : 'Error';
  return { error: { message: message.slice(0, 8000), type }, retryable: !(error instanceof Refused) };
}

/** Ends an attempt, if there is one, and answers the leases that are wished for, if any: one call, one commit. */
async function settle(end, wish) {
  try {
    const answer = await call('/leases/settle', { items: end ? [end] : [], lease: wish }, end ? undefined : stopping.signal);
    for (const { lease_token, code, detail } of answer.items)
      if (code === 'invalid-result') await settle({ lease_token, fail: failure(new Refused(detail)) });
    return answer.leases ?? [];
  } catch (error) {
    if (!(error instanceof Refused)) return []; // Told to stop while it waited.
    if (end?.ack) return settle({ lease_token: end.lease_token, fail: failure(error) }, wish);
    console.error(end ? `a job runs again once its lease is over: ${error.message}` : `no jobs: ${error.message}`);
    if (!end) await sleep(10_000, undefined, { signal: stopping.signal }).catch(() => {});
    return [];
  }
}

// What a handler throws when nobody waits for it any more must not end the jobs beside it.
process.on('uncaughtException', (error) => console.error('A handler left something behind:', error));

const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => stopping.abort());

async function work() {
  let end;
  while (end || !stopping.signal.aborted) {
    // An end is answered at once; only who has none waits for a job.
    const wish = { worker, types, lease_seconds: leaseSeconds, wait_seconds: end ? 0 : 30 };
    const leases = await settle(end, stopping.signal.aborted ? undefined : wish);
    end = undefined;
    for (const lease of leases) end = await run(lease);
  }
}

await Promise.all(Array.from({ length: count }, work));
