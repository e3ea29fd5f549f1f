// What orval makes of the document: a client, and zod's checks of what it is answered.
import assert from 'node:assert/strict';
import { ackLease, failLease, heartbeatLease, leaseJobs, listJobs, requeueDeadLetter, submitJob } from '../gen/orval/client.js';
import { listJobsResponse, submitJobBody } from '../gen/orval/zod.js';

const order = submitJobBody.parse({ payload: { order: 1017 }, type: 'mail', idempotency_key: 'order-1017', priority: 5 });
const first = await submitJob(order);
assert(first.status === 201);
assert.equal(first.data.waiting_for, 'worker');
const replay = await submitJob(order);
assert.deepEqual([replay.status, replay.headers.get('idempotency-replayed')], [200, 'true']);
const reused = await submitJob({ ...order, payload: 2 });
assert(reused.status === 422);
assert.deepEqual([reused.data.code, reused.data.job_id], ['idempotency-key-reused', first.data.id]);

const list = await listJobs({ status: 'pending', type: 'mail', limit: 10 });
assert(list.status === 200);
assert.deepEqual(listJobsResponse.parse(list.data).items.map(job => job.id), [first.data.id]);

async function lease() {
  const answer = await leaseJobs({ worker: 'orval', types: ['mail'] });
  assert(answer.status === 200);
  return answer.data.items[0].lease_token;
}

const token = await lease();
const beat = await heartbeatLease(token, { progress: { percent: 50 }, log: 'half' });
assert(beat.status === 200);
assert.equal(beat.data.cancel_requested, false);
const done = await ackLease(token, { result: 42 });
assert(done.status === 200);
assert.equal(done.data.result, 42);
const lost = await ackLease(token, {});
assert(lost.status === 409);
assert.deepEqual([lost.data.code, lost.data.job?.status], ['lease-lost', 'done']);

const second = await submitJob({ payload: 'text', type: 'mail' });
assert(second.status === 201);
const failed = await failLease(await lease(), { error: { message: 'refused', type: 'smtp' }, retryable: false });
assert(failed.status === 200);
assert.deepEqual([failed.data.reason, failed.data.error?.message], ['permanent_error', 'refused']);
const requeued = await requeueDeadLetter(second.data.id, {});
assert(requeued.status === 200);
assert.equal(requeued.data.status, 'pending');

// What has run through everything has every field that the document promises.
const all = await listJobs({ limit: 200 });
assert(all.status === 200);
listJobsResponse.parse(all.data);
