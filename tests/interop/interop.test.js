// A client that is not ours appends, reads, follows and reconnects.
'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { test, before, after } = require('node:test');
const { Client, grpc, decodeEntry, detailOf, detailOfError } = require('./client.js');
const { Server, pause } = require('./server.js');

const raised = (name, title = 'Provide crime data') => ({
  record: `actions/interop/${name}`,
  occurred: { on: '2019-03-18' },
  action_raised: { title },
});
const completed = (name, on) => ({
  record: `actions/interop/${name}`,
  occurred: { on },
  action_completed: { text: 'Done' },
});

let server;
let client;
const followers = [];

before(async () => {
  server = new Server();
  await server.start();
  client = new Client(server.address);
});

after(async () => {
  for (const follower of followers) follower.stop().catch(() => {});
  client.close();
  await server.remove();
});

test('what is appended is read back, byte for byte as it was hashed', async () => {
  const { receipt } = await client.append('read-back', [raised('a'), raised('b', 'Zoë’s item')]);
  assert.equal(receipt.entries.length, 2);
  const stored = await client.read({ from_sequence: receipt.first_sequence, limit: 2 });
  stored.forEach((bytes, i) => {
    const leaf = crypto.createHash('sha256').update(Buffer.from([0])).update(bytes).digest();
    assert.deepEqual(leaf, receipt.entries[i].leaf_hash);
    const entry = decodeEntry(bytes);
    assert.equal(entry.assigned.sequence, receipt.entries[i].sequence);
    assert.equal(entry.assigned.request_id, 'read-back');
    assert.equal(entry.proposed.record, receipt.entries[i].record);
  });
  assert.equal(decodeEntry(stored[1]).proposed.action_raised.title, 'Zoë’s item');
  const backwards = await client.read({ direction: 'DIRECTION_BACKWARDS', limit: 1 });
  assert.deepEqual(backwards[0], stored[1]);
});

test('a retry gets the same receipt, also after a restart', async () => {
  const first = await client.append('retried', [raised('retried')]);
  const again = await client.append('retried', [raised('retried')]);
  assert.equal(again.already_recorded, true);
  assert.deepEqual(again.receipt, first.receipt);
  assert.equal(await server.end('SIGTERM'), 0);
  await server.start();
  const afterwards = await client.append('retried', [raised('retried')]);
  assert.equal(afterwards.already_recorded, true);
  assert.deepEqual(afterwards.receipt, first.receipt);
});

test('a refusal says which field, which rule and what next', async () => {
  await assert.rejects(client.append('bad-date', [completed('a', '2019-02-30')]), (error) => {
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    const detail = detailOfError(error);
    assert.equal(detail.reason, 'ERROR_REASON_MALFORMED');
    assert.match(detail.field, /facts\[0\].*occurred\.on/);
    assert.equal(detail.value, '2019-02-30');
    return true;
  });
  await client.append('complete-once', [raised('done'), completed('done', '2019-03-18')]);
  await assert.rejects(client.append('twice', [completed('done', '2019-05-20')]), (error) => {
    assert.equal(error.code, grpc.status.FAILED_PRECONDITION);
    assert.match(error.details, /completed/);
    const detail = detailOfError(error);
    assert.equal(detail.reason, 'ERROR_REASON_RULE_REFUSED');
    assert.notEqual(detail.rule, '');
    return true;
  });
});

test('a stream of appends is answered in order and stops at a refusal', async () => {
  const appends = [];
  for (let i = 0; i < 300; ++i) {
    const facts = [{ proposed: raised(`stream-${i}`) }];
    appends.push({ request_id: `stream-${i}`, facts: i === 200 ? [] : facts });
  }
  const answers = await client.appendStream(appends, true);
  assert.equal(answers.length, 300);
  answers.forEach((answer, i) => {
    assert.equal(answer.index, i);
    assert.equal(answer.outcome, i < 200 ? 'appended' : 'refused');
  });
  assert.equal(detailOf(answers[200].refused).reason, 'ERROR_REASON_MALFORMED');
  assert.equal(detailOf(answers[201].refused).reason, 'ERROR_REASON_AFTER_REFUSAL');
});

// Whether the server went away during the call. A call that reaches gRPC's server in the moment in
// which it shuts down is reset, which this client calls cancelled.
function isAway(error) {
  return error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.CANCELLED;
}

// Follows from the beginning, and takes the thread up again from the last cursor whenever the
// server goes away.
class Follower {
  constructor(stub) {
    this.stub = stub;
    this.sequences = [];
    this.marks = 0;
    this.connections = 0;
    this.over = this.follow();
    followers.push(this);
  }

  async follow() {
    while (!this.stopped) {
      this.connections += 1;
      this.call = this.stub.Subscribe(this.cursor ? { cursor: this.cursor } : {});
      try {
        for await (const answer of this.call) {
          for (const bytes of answer.entries) {
            this.sequences.push(decodeEntry(bytes).assigned.sequence);
          }
          if (answer.caught_up) this.marks += 1;
          this.cursor = answer.cursor;
        }
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      if (!this.stopped) await pause(20);
    }
  }

  async until(count) {
    const deadline = Date.now() + 30000;
    while (this.sequences.length < count) {
      assert.ok(Date.now() < deadline, `only ${this.sequences.length} of ${count} entries came`);
      await pause(5);
    }
  }

  async stop() {
    this.stopped = true;
    this.call.cancel();
    await this.over;
  }
}

// Appends one after another, each until it is acknowledged, whatever happens to the server.
async function appendDoggedly(prefix, count) {
  for (let i = 0; i < count; ++i) {
    for (;;) {
      try {
        await client.append(`${prefix}-${i}`, [raised(`${prefix}-${i}`)]);
        break;
      } catch (error) {
        assert.ok(isAway(error), error.message);
        await pause(20);
      }
    }
  }
}

test('a follower resumes over restarts and a kill without gap or repeat', async () => {
  const { size } = await client.call('GetStatus', {});
  const follower = new Follower(client.stub);
  await follower.until(size);
  assert.equal(follower.marks, 1);
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM']) {
    const writing = appendDoggedly(`live-${follower.connections}`, 150);
    await pause(30);
    await server.end(signal);
    await server.start();
    await writing;
  }
  const total = (await client.call('GetStatus', {})).size;
  assert.equal(total, size + 450);
  await follower.until(total);
  await follower.stop();
  assert.deepEqual(follower.sequences, Array.from({ length: total }, (_, i) => i));
  assert.ok(follower.connections > 3);
});

test('a cursor of another ledger is refused', async () => {
  const follower = new Follower(client.stub);
  await follower.until(1);
  await follower.stop();
  await server.end('SIGTERM');
  server.data = 'another';
  await server.start();
  // The first call after the restart may still meet the old connection.
  await appendDoggedly('another', 1);
  const call = client.stub.Subscribe({ cursor: follower.cursor });
  await assert.rejects(async () => { for await (const _ of call); }, (error) => {
    assert.equal(error.code, grpc.status.FAILED_PRECONDITION);
    assert.equal(detailOfError(error).reason, 'ERROR_REASON_LEDGER_CHANGED');
    return true;
  });
});
