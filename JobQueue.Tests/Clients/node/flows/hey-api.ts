// What hey-api makes of the document.
import assert from 'node:assert/strict';
import { client } from '../gen/hey-api/client.gen.js';
import {
  ackLease, failLease, heartbeatLease, leaseJobs, listJobs, requeueDeadLetter, submitJob,
} from '../gen/hey-api/sdk.gen.js';

client.setConfig({ baseUrl: process.env.JOBQUEUE_URL!, auth: process.env.JOBQUEUE_TOKEN! });

const order = { payload: { order: 1017 }, type: 'mail', idempotency_key: 'order-1017' };
const first = await submitJob({ body: order });
assert.equal(first.response?.status, 201);
assert.equal(first.data!.waiting_for, 'worker');
assert.equal((await submitJob({ body: order })).response?.headers.get('idempotency-replayed'), 'true');
const reused = await submitJob({ body: { ...order, payload: 2 } });
assert.deepEqual([reused.error!.code, reused.error!.job_id], ['idempotency-key-reused', first.data!.id]);

const list = await listJobs({ query: { status: 'pending', type: 'mail', limit: 10 } });
assert.deepEqual(list.data!.items.map(job => job.id), [first.data!.id]);

const lease = async () => (await leaseJobs({ body: { worker: 'hey-api', types: ['mail'] } })).data!.items[0];
const path = { lease_token: (await lease()).lease_token };
assert.equal((await heartbeatLease({ path, body: { progress: { percent: 50 }, log: 'half' } })).data!.cancel_requested, false);
assert.deepEqual((await ackLease({ path, body: { result: 'sent' } })).data!.result, 'sent');
const lost = await ackLease({ path });
assert.deepEqual([lost.response?.status, lost.error!.code, lost.error!.job!.status], [409, 'lease-lost', 'done']);

const second = (await submitJob({ body: { payload: 'text', type: 'mail' } })).data!;
const failed = await failLease({
  path: { lease_token: (await lease()).lease_token },
  body: { error: { message: 'refused', type: 'smtp' }, retryable: false },
});
assert.deepEqual([failed.data!.reason, failed.data!.error!.message], ['permanent_error', 'refused']);
assert.equal((await requeueDeadLetter({ path: { job_id: second.id } })).data!.status, 'pending');
