import type { ServerResponse } from 'node:http';
import type { ProxyFault } from './nocobase-proxy.js';

export interface RealAnswer {
  readonly status: number;
  readonly text: string;
}

/** Forwards the call; the test then decides what its caller receives of the answer. */
export function carriedOut(
  target: string,
  answerWith: (real: RealAnswer, response: ServerResponse) => void,
): ProxyFault {
  return (request, response) => {
    const run = async (): Promise<void> => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const real = await fetch(target + request.url, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body === '' ? {} : { body }),
      });
      answerWith({ status: real.status, text: await real.text() }, response);
    };
    run().catch(() => response.destroy());
  };
}

/** Passes on the unmodified answer after inspecting it. */
export function watched(target: string, look: (text: string) => void): ProxyFault {
  return carriedOut(target, ({ status, text }, response) => {
    look(text);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
}
