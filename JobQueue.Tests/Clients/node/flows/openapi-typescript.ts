// What openapi-typescript makes of the document, called through openapi-fetch.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from '../gen/openapi-typescript.js';

const client = createClient<paths>({
  baseUrl: process.env.JOBQUEUE_URL!,
  headers: { Authorization: `Bearer ${process.env.JOBQUEUE_TOKEN}` },
});

// Only the payload is needed, whatever fields have a default.
const least: components['schemas']['SubmitRequest'] = { payload: [1, 'two', null] };
assert.equal((await client.POST('/jobs', { body: least })).response.status, 201);

const order = { payload: { order: 1017 }, type: 'mail', idempotency_key: 'order-1017' };
const first = await client.POST('/jobs', { body: order });
assert.equal(first.response.status, 201);
assert.equal(first.data!.waiting_for, 'worker');
const replay = await client.POST('/jobs', { body: order });
assert.deepEqual([replay.response.status, replay.response.headers.get('idempotency-replayed')], [200, 'true']);
const reused = await client.POST('/jobs', { body: { ...order, payload: 2 } });
assert.deepEqual([reused.error!.code, reused.error!.job_id], ['idempotency-key-reused', first.data!.id]);

const list = await client.GET('/jobs', { params: { query: { status: 'pending', type: 'mail', limit: 10 } } });
assert.deepEqual(list.data!.items.map(job => job.id), [first.data!.id]);

async function lease() {
  const { data } = await client.POST('/leases', { body: { worker: 'openapi-typescript', types: ['mail'] } });
  return data!.items[0];
}

const leased = await lease();
const path = { lease_token: leased.lease_token };
const beat = await client.POST('/leases/{lease_token}/heartbeat', { params: { path }, body: { progress: { percent: 50 }, log: 'half' } });
assert.equal(beat.data!.cancel_requested, false);
const done = await client.POST('/leases/{lease_token}/ack', { params: { path }, body: { result: ['sent', 1] } });
assert.deepEqual([done.data!.status, done.data!.result], ['done', ['sent', 1]]);
const lost = await client.POST('/leases/{lease_token}/ack', { params: { path } });
assert.deepEqual([lost.response.status, lost.error!.code, lost.error!.job!.status], [409, 'lease-lost', 'done']);

const second = (await client.POST('/jobs', { body: { payload: 'text', type: 'mail' } })).data!;
const failing = await lease();
const failed = await client.POST('/leases/{lease_token}/fail', {
  params: { path: { lease_token: failing.lease_token } },
  body: { error: { message: 'refused', type: 'smtp' }, retryable: false },
});
assert.deepEqual([failed.data!.reason, failed.data!.error!.message], ['permanent_error', 'refused']);
const requeued = await client.POST('/dlq/{job_id}/requeue', { params: { path: { job_id: second.id } } });
assert.equal(requeued.data!.status, 'pending');

// Follows a job, and works on it by settle alone: the end of one and the next one in a call.
const greeting = (await client.POST('/jobs', { body: { payload: { name: 'Ada' }, type: 'greet' } })).data!;
const events = await client.GET('/events', { params: { query: { job_id: greeting.id } }, parseAs: 'stream' });
const wish = { worker: 'openapi-typescript', types: ['greet'] };
const [next] = (await client.POST('/leases/settle', { body: { items: [], lease: wish } })).data!.leases!;
const ack = { lease_token: next.lease_token, ack: { result: `Hello, ${(next.job.payload as { name: string }).name}!` } };
const settled = (await client.POST('/leases/settle', { body: { items: [ack], lease: wish } })).data!;
assert.deepEqual([settled.items[0].job_id, settled.items[0].status, settled.leases], [greeting.id, 'done', []]);
const again = (await client.POST('/leases/settle', { body: { items: [ack] } })).data!;
assert.deepEqual(again.items, [{ lease_token: next.lease_token, code: 'lease-lost' }]);

const seen: components['schemas']['EventName'][] = [];
let text = '';
for await (const chunk of events.data!.pipeThrough(new TextDecoderStream())) {
  text += chunk;
  seen.push(...[...text.matchAll(/^data: (.*)\n\n/gm)].map(([, data]) => (JSON.parse(data) as components['schemas']['EventResponse']).event));
  text = text.slice(text.lastIndexOf('\n\n') + 2);
  if (seen.includes('done')) break;
}
assert.deepEqual(seen, ['started', 'done']);
assert.equal((await client.GET('/jobs/{id}', { params: { path: { id: greeting.id } } })).data!.result, 'Hello, Ada!');

// What a type takes has a type of its own.
const nap: components['schemas']['SleepPayload'] = { seconds: 0.1 };
assert.equal((await client.POST('/jobs', { body: { payload: nap, type: 'sleep' } })).response.status, 201);
