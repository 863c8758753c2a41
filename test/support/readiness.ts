import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, Browser } from './browser.js';

const PATIENCE_MS = 10_000;

/**
 * Waits until readiness answers as expected: its answer may be up to two seconds old.
 *
 * @returns the last answer, even if it is a different one
 */
export async function readiness(gatewayUrl: string, isExpected: (answer: Answer) => boolean): Promise<Answer> {
  const look = async (): Promise<Answer> =>
    new Browser().get(`${gatewayUrl}/health/ready`, { accept: 'application/json' });
  let answer = await look();
  for (const deadline = Date.now() + PATIENCE_MS; !isExpected(answer) && Date.now() < deadline; await delay(100)) {
    answer = await look();
  }
  return answer;
}
