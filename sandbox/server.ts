import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerControl, CONTROL_PREFIX, type ControlTarget } from './control.js';
import { deliver } from './deliver.js';
import { failureName } from './failures.js';
import { jsonAnswer, readBody, type Call } from './http.js';
import type { Ids } from './ids.js';
import type { RecordedRequest } from './recorded-request.js';
import { findRoute } from './routes.js';
import type { State } from './state.js';

export interface ServerParts extends ControlTarget {
  ids: Ids;
  state: State;
}

export function createSandboxServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    serve(parts, request, response, gone.signal).catch((error: unknown) => {
      // Waiting was cut short because the client disconnected or the sandbox is closing: there is nobody to answer.
      if (gone.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(`Sandbox error: ${error instanceof Error ? error.message : 'unknown'}`);
      }
    });
  });
  return server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    parts.stream.upgrade(request, socket, head);
  });
}

async function serve(
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
  const call: Call = {
    method: request.method ?? 'GET',
    path: url.pathname,
    params: [],
    query: url.searchParams,
    headers: request.headers,
    body: await readBody(request),
    requestId: parts.ids.requestId(),
  };
  if (call.path.startsWith(CONTROL_PREFIX)) {
    const answer = await answerControl(call, parts);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
    return;
  }
  await serveDingTalk(parts, call, response, signal);
}

async function serveDingTalk(
  parts: ServerParts,
  call: Call,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { operation, generation, handle, params } = findRoute(call.method, call.path);
  parts.later.called(operation);
  const routed = { ...call, params, path: call.path.replace(/^\/(?:login|api|oapi)(?=\/)/, '') };
  const failure = parts.failures.take(operation);
  const recorded: RecordedRequest = {
    operation,
    method: call.method,
    path: call.path,
    at: parts.clock.now(),
    status: null,
    code: null,
    failure: failure === undefined ? null : failureName(failure),
  };
  parts.requests.push(recorded);
  await deliver(
    {
      call: routed,
      generation,
      response,
      signal,
      produce: () => {
        try {
          return handle(routed, parts.state);
        } catch (error) {
          return jsonAnswer(500, { sandbox: error instanceof Error ? error.message : 'unknown' }, 'sandbox_error');
        }
      },
      record: (status, code) => Object.assign(recorded, { status, code }),
    },
    failure,
  );
}
