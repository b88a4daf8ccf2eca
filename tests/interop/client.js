// The calls of LedgerService over @grpc/grpc-js, from the .proto files alone.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const PROTOS = path.join(process.env.SCRUTINY_SOURCE, 'proto');
const FILES = ['scrutiny/ledger/v1/ledger.proto', 'scrutiny/ledger/v1/error.proto'];

const loaded = grpc.loadPackageDefinition(loader.loadSync(FILES, {
  includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true,
}));

// For what gRPC carries as bytes: entries and the particulars of errors.
const root = new protobuf.Root();
root.resolvePath = (from, target) => path.join(PROTOS, target);
root.loadSync(FILES, { keepCase: true });
const Entry = root.lookupType('scrutiny.event.v1.Entry');
const ErrorStatus = root.lookupType('scrutiny.ledger.v1.ErrorStatus');
const ErrorDetail = root.lookupType('scrutiny.ledger.v1.ErrorDetail');

const decodeEntry = (bytes) =>
  Entry.toObject(Entry.decode(bytes), { longs: Number, defaults: true, oneofs: true });

// The ErrorDetail of an ErrorStatus.
function detailOf(status) {
  const detail = ErrorDetail.decode(status.details[0].value);
  return ErrorDetail.toObject(detail, { enums: String, defaults: true });
}

// The ErrorDetail in a failed call's trailers.
function detailOfError(error) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  return detailOf(ErrorStatus.decode(bytes));
}

class Client {
  constructor(address) {
    this.stub = new loaded.scrutiny.ledger.v1.LedgerService(
      address, grpc.credentials.createInsecure(),
      { 'grpc.initial_reconnect_backoff_ms': 20, 'grpc.max_reconnect_backoff_ms': 200 });
  }

  close() { this.stub.close(); }

  call(method, request) {
    return new Promise((resolve, reject) => {
      this.stub[method](request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  append(id, facts) {
    return this.call('Append', { request_id: id, facts: facts.map((proposed) => ({ proposed })) });
  }

  // All entries of a range, as stored.
  async read(request) {
    const entries = [];
    for await (const batch of this.stub.Read(request)) entries.push(...batch.entries);
    return entries;
  }

  // Sends all appends without waiting, and gathers the answers.
  async appendStream(appends, stopAtRefusal) {
    const stream = this.stub.AppendStream();
    const answers = [];
    const done = new Promise((resolve, reject) => {
      stream.on('data', (answer) => answers.push(answer));
      stream.on('error', reject);
      stream.on('end', resolve);
    });
    for (const append of appends) stream.write({ append, stop_at_refusal: stopAtRefusal });
    stream.end();
    await done;
    return answers;
  }
}

module.exports = { Client, grpc, decodeEntry, detailOf, detailOfError };
