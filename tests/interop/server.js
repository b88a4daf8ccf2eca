// A scrutinyd of the test's own: a temporary folder, a loopback port that it keeps over restarts.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const START_MS = 30000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Server {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scrutiny-interop-'));
    this.address = '127.0.0.1:0';
    this.data = 'data';
  }

  async start() {
    const portFile = path.join(this.folder, 'port');
    fs.rmSync(portFile, { force: true });
    this.child = spawn(
      path.join(process.env.SCRUTINY_BIN, 'scrutinyd'),
      ['--data', path.join(this.folder, this.data), '--listen', this.address,
        '--http', '127.0.0.1:0', '--port-file', portFile, '--log-level', 'warn'],
      { stdio: ['ignore', 'ignore', 'inherit'] });
    this.ended = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => resolve(signal ?? code));
    });
    let over = false;
    this.ended.then(() => { over = true; });
    const deadline = Date.now() + START_MS;
    while (!fs.existsSync(portFile)) {
      if (over || Date.now() > deadline) throw new Error('scrutinyd does not serve');
      await pause(5);
    }
    this.address = fs.readFileSync(portFile, 'utf8').match(/^grpc=(\S+)/m)[1];
  }

  // Ends it with the signal; what it ended with.
  async end(signal) {
    this.child.kill(signal);
    return this.ended;
  }

  async remove() {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      await this.end('SIGKILL');
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Server, pause };
