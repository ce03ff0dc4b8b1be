// SPDX-License-Identifier: Apache-2.0
// Drives twinlockd with npm's fastcgi-client. argv: the folder that holds node_modules, then "unix" PATH or "tcp" HOST PORT.
// One JSON object a line on standard input: {"requests": [{"params": {...}, "body": base64}, ...]}, sent at once; for each line
// one line back: {"answers": [{"stdout": base64, "stderr": base64, "exit": number or text}, ...]}.
'use strict';
const path = require('node:path');
const { createInterface } = require('node:readline');

const [modules, transport, where, port] = process.argv.slice(2);
const connector = require(path.join(modules, 'node_modules', 'fastcgi-client'));

function collect(stream) {
  const pieces = [];
  stream.on('data', (piece) => pieces.push(piece));
  return new Promise((done) => stream.on('end', () => done(Buffer.concat(pieces).toString('base64'))));
}

function ask(client, { params, body }) {
  return new Promise((done, fail) => client.request(params, (error, request) => {
    if (error) return fail(error);
    const all = Promise.all([collect(request.stdout), collect(request.stderr)]);
    request.stdin.end(Buffer.from(body, 'base64'));
    return all.then(([stdout, stderr]) => {
      const exit = request.getExitStatus();
      done({ stdout, stderr, exit: exit instanceof Error ? exit.message : exit });
    });
  }));
}

async function serve(client) {
  for await (const line of createInterface({ input: process.stdin })) {
    const answers = await Promise.all(JSON.parse(line).requests.map((request) => ask(client, request)));
    process.stdout.write(`${JSON.stringify({ answers })}\n`);
  }
}

// By default it asks the server for its values first (GET_VALUES), and then sends all requests over one connection, interleaved.
const client = connector(transport === 'unix' ? { sockFile: where } : { host: where, port: Number(port) });
client.on('error', (error) => {
  process.stderr.write(`fastcgi-client: ${error.message}\n`);
  process.exit(1);
});
client.on('ready', () => serve(client));
