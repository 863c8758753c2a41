import { request, type IncomingHttpHeaders } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Status line, headers and body as text, for checking what must not be there. */
  readonly everything: string;
}

/** A request that no browser would send: any method, `Host` and path, unmodified. */
export async function rawRequest(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const [, host, port, path] = /^http:\/\/([^:/]+):(\d+)(.*)$/s.exec(url) ?? [];
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { host, port, path: path || '/', method, headers: { ...headers, ...length }, agent: false };
    const outgoing = request(options, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      answer.on('end', () => {
        const { statusCode = 0, statusMessage, rawHeaders } = answer;
        const everything = [statusMessage, ...rawHeaders, text].join('\n');
        resolve({ status: statusCode, headers: answer.headers, text, everything });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
