import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asDingTalk, NocoBaseDouble, type Question, type Reply } from './answers.js';
import { faultChooser } from './faults.js';
import type { Addresses, Counts, Request, Setting } from './protocol.js';

// Replaces DingTalk and NocoBase, in a separate process. It checks nothing, to leave CPU time to the load generator on a machine
// with few cores. The real NocoBase is in workload e; the tests cover what the sandbox checks.

/** After the gateway's timeouts of 5 s. */
const SLOW_MS = 7000;

const nocoBase = new NocoBaseDouble();
let setting: Setting = { dingTalkDelayMs: 0, nocoBaseDelayMs: 0 };
let chooseFault = faultChooser(setting.faults);
let calls: Record<string, number> = {};
let faults: Record<string, number> = {};

function serve(upstream: 'DingTalk' | 'NocoBase', answer: (question: Question) => Reply): Server {
  const handle = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const { method = '', url = '' } = request;
    const token = request.headers['x-acs-dingtalk-access-token'];
    const reply = answer({ method, url, body, token: typeof token === 'string' ? token : undefined });
    const call = `${upstream} ${reply.operation}`;
    calls[call] = (calls[call] ?? 0) + 1;
    const delayMs = upstream === 'DingTalk' ? setting.dingTalkDelayMs : setting.nocoBaseDelayMs;
    const fault = chooseFault();
    if (fault === undefined) return after(delayMs, () => send(response, reply));
    faults[`${call} ${fault}`] = (faults[`${call} ${fault}`] ?? 0) + 1;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === 'slow') return after(SLOW_MS, () => send(response, reply));
    const code = upstream === 'DingTalk' ? { code: 'ServiceUnavailable' } : { errors: [{ message: 'Server error' }] };
    after(delayMs, () => send(response, { ...reply, status: 500, body: JSON.stringify(code) }));
  };
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => handle(request, response, body));
  });
  return server.listen(0, '127.0.0.1');
}

function after(ms: number, work: () => void): void {
  if (ms === 0) work();
  else setTimeout(work, ms);
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // The caller may have given up.
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

process.on('message', (request: Request) => {
  if (request.kind === 'set') {
    setting = request.setting;
    chooseFault = faultChooser(setting.faults);
  }
  process.send?.({ calls, faults } satisfies Counts);
  calls = {};
  faults = {};
});
// The parent process has ended.
process.on('disconnect', () => process.exit(0));

const [dingTalk, nocoBaseServer] = [
  serve('DingTalk', asDingTalk),
  serve('NocoBase', (question) => nocoBase.answer(question)),
];
await Promise.all([once(dingTalk, 'listening'), once(nocoBaseServer, 'listening')]);
const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.send?.({ dingTalkUrl: urlOf(dingTalk), nocoBaseUrl: urlOf(nocoBaseServer) } satisfies Addresses);
