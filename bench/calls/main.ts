import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AxiosInstance, create } from 'axios';
import { axiosOptions } from '../../src/upstream/axios-options.js';
import { positiveNumber } from '../harness/positive-number.js';
import { ratios, spread } from '../harness/statistics.js';
import { lentClients } from './lent-clients.js';

/** Ways to send one call, all of them under axios. The others are compared with the first. */
const WAYS: Readonly<Record<string, AxiosInstance>> = {
  'the gateway: undici’s pool and request()': create(axiosOptions()),
  'lent clients, answers taken in by hand': create({ ...axiosOptions(), adapter: lentClients() }),
  'axios’ own adapter, keep-alive': create({
    ...axiosOptions(),
    adapter: 'http',
    httpAgent: new Agent({ keepAlive: true }),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: 1024 * 1024,
  }),
};
/** Until the code is compiled. */
const WARM_UP_ROUNDS = 2;
const AT_A_TIME = 4;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, calls: { type: 'string', default: '2000' } },
});
const [rounds, calls] = [positiveNumber(values.rounds), positiveNumber(values.calls)];

const server = fork(join(import.meta.dirname, 'server.js'));
const [port] = (await once(server, 'message')) as [number];
const names = Object.keys(WAYS);
const measured = new Map(names.map((name) => [name, [] as number[]]));

// In turns, round by round (ABC, BCA, …), so that changes on the machine affect all of them.
for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
  const first = (round + WARM_UP_ROUNDS) % names.length;
  for (const name of [...names.slice(first), ...names.slice(0, first)]) {
    const cpu = await cpuPerCall(WAYS[name]!);
    if (round >= 0) measured.get(name)?.push(cpu);
  }
}
server.disconnect();

const ours = measured.get(names[0]!)!;
for (const [name, cpu] of measured) {
  const { median, min, max } = spread(cpu);
  const ratio = ratios(cpu, ours).median.toFixed(2);
  console.log(
    `${name}: ${median.toFixed(0)} µs (${min.toFixed(0)} to ${max.toFixed(0)}) of CPU a call, ratio ${ratio}`,
  );
}
process.exit();

/** In microseconds, for this process. */
async function cpuPerCall(http: AxiosInstance): Promise<number> {
  let left = calls;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (; left > 0; left -= 1) {
        const headers = { accept: 'application/json', authorization: 'Bearer a-token-of-some-length' };
        const { data } = await http.get<string>(`http://127.0.0.1:${port}/v1.0/contact/users/me`, {
          headers,
          timeout: 5000,
        });
        if (!data.includes('unionId')) throw new Error(`not the answer: ${data}`);
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
