import { parseArgs } from 'node:util';
import { startSandbox } from './index.js';

/** Runs the sandbox as a separate process and prints one line of JSON when it is ready. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
  const port = Number(values.port ?? process.env['PORT'] ?? 4000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a number from 0 to 65535');
  const sandbox = await startSandbox({ port, host: values.host ?? process.env['HOST'] ?? '127.0.0.1' });
  const { url, loginUrl, apiUrl, oapiUrl } = sandbox;
  process.stdout.write(`${JSON.stringify({ ready: true, url, loginUrl, apiUrl, oapiUrl })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.close());
}

void main();
