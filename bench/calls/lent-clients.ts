import type { AxiosAdapter } from 'axios';
import { Client, type Dispatcher } from 'undici';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * The former implementation (ADR 9): undici's clients, each lent to one exchange at a time, and a handler that collects the answer
 * without a stream.
 */
export function lentClients(): AxiosAdapter {
  const idle: Client[] = [];
  return async (config) => {
    const { url = '', headers, timeout = 0 } = config;
    const { origin, pathname, search } = new URL(url);
    const client =
      idle.pop() ?? new Client(origin, { headersTimeout: 0, bodyTimeout: 0, maxResponseSize: 1024 * 1024 });
    const sent = {
      method: 'GET',
      path: pathname + search,
      headers: headers.toJSON() as Record<string, string>,
    } as const;
    const { status, text } = await new Promise<Answer>((resolve, reject) => {
      const clock = setTimeout(() => void client.destroy(), timeout);
      client.dispatch(
        sent,
        new Receiver((answer) => {
          clearTimeout(clock);
          idle.push(client);
          resolve(answer);
        }, reject),
      );
    });
    return { status, statusText: '', headers: {}, data: text, config };
  };
}

class Receiver implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private status = 0;

  constructor(
    private readonly done: (answer: Answer) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  /** undici distinguishes current handlers from older ones by this method. */
  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.done({ status: this.status, text: Buffer.concat(this.chunks).toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.failed(error);
  }
}
