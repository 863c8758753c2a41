import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Contestant, GATEWAY } from '../contestants/index.js';
import { CORP_ID } from '../upstream/people.js';
import { Upstreams } from '../upstream/upstreams.js';
import { freePort } from './free-port.js';
import type { Pace } from './measure.js';
import { Program } from './program.js';
import type { Bench } from './workload.js';

export interface BenchOptions {
  readonly root: string;
  readonly pace: Pace;
  readonly quick: boolean;
  /** For the nightly check. */
  readonly people?: number | undefined;
  /** `dist/main.js` of the build to measure. */
  readonly gateway?: string | undefined;
  /** `dist/main.js` of another build. */
  readonly against?: string | undefined;
  /** Folder for a CPU profile of each gateway. */
  readonly profile?: string | undefined;
  readonly say: (line: string) => void;
}

/** Starts upstreams for some work, and ends everything that it started. @throws Error on systems other than Linux */
export async function withBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') throw new Error('CPU times are read from /proc: the benchmarks run on Linux only');
  const { root, pace, quick, people, gateway, against, profile, say } = options;
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const upstreams = await Upstreams.start(join(root, 'build/bench/upstream/double.js'));
  const programs: Program[] = [];
  const measured = gateway === undefined ? GATEWAY : { ...GATEWAY, script: gateway };
  const bench: Bench = {
    root,
    upstreams,
    quick,
    people,
    say,
    pace: (own) => ({ ...pace, ...own }),
    gateway: measured,
    gateways: [measured, ...(against === undefined ? [] : [{ name: 'gateway (other build)', script: against }])],
    async start({ name, script }: Contestant, own = {}, ownFlags = []) {
      const port = await freePort();
      const environment = { ...environmentOf(upstreams, port), ...own };
      const isGateway = bench.gateways.some((one) => one.name === name);
      const profiling = isGateway && profile !== undefined ? ['--cpu-prof', '--cpu-prof-dir', resolve(profile)] : [];
      const flags = [...profiling, ...ownFlags];
      const program = await Program.start(name, resolve(root, script), { environment, port, folder, flags });
      programs.push(program);
      return program;
    },
  };
  try {
    return await work(bench);
  } finally {
    await Promise.all(programs.map(async (program) => program.stop()));
    await upstreams.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variables of the gateway; the other contestants read the same. */
function environmentOf({ addresses }: Upstreams, port: number): Record<string, string> {
  return {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    AUTH_COOKIE_SECRET: 'a-cookie-secret-for-benchmarks-and-not-a-real-one',
    // All browsers here have the same address. The limits remain on: their cost is part of the gateway's.
    AUTH_RATE_LIMIT_PER_ADDRESS: '1000000',
    DINGTALK_CLIENT_ID: 'dingbenchapp',
    DINGTALK_CLIENT_SECRET: 'a-client-secret-for-benchmarks',
    DINGTALK_CORP_ID: CORP_ID,
    DINGTALK_AUTO_SIGN_UP: 'true',
    DINGTALK_LOGIN_URL: addresses.dingTalkUrl,
    DINGTALK_API_URL: addresses.dingTalkUrl,
    DINGTALK_OAPI_URL: addresses.dingTalkUrl,
    NOCOBASE_URL: addresses.nocoBaseUrl,
    NOCOBASE_PUBLIC_URL: addresses.nocoBaseUrl,
    NOCOBASE_API_TOKEN: 'an-api-key-for-benchmarks',
    NOCOBASE_JWT_SECRET: 'a-jwt-secret-for-benchmarks-and-not-a-real-one',
  };
}
