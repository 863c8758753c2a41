import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Contestant, GATEWAY } from '../contestants/index.js';
import { CORP_ID } from '../upstream/people.js';
import { Upstreams } from '../upstream/upstreams.js';
import { freePort } from './free-port.js';
import type { Pace } from './measure.js';
import { Program } from './program.js';
import { report } from './report.js';
import type { Bench, Outcome, Workload } from './workload.js';

export interface RunOptions {
  readonly root: string;
  readonly pace: Pace;
  readonly quick: boolean;
  /** `dist/main.js` of the build to measure. */
  readonly gateway?: string | undefined;
  /** `dist/main.js` of another build. */
  readonly against?: string | undefined;
  readonly say: (line: string) => void;
}

/** What a run leaves behind, for comparison. */
export interface RunResult {
  readonly commit: string;
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly loadAtStart: number;
  readonly pace: Pace;
  readonly workloads: Readonly<Record<string, Outcome & { readonly title: string }>>;
}

/** One workload after another. @throws when a contestant does not do its work */
export async function run(workloads: readonly Workload[], options: RunOptions): Promise<RunResult> {
  const { root, pace, say } = options;
  const about = {
    commit: commitOf(root),
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: availableParallelism(),
    loadAtStart: loadavg()[0]!,
    pace,
  };
  say(`commit ${about.commit}, Node ${about.node}, ${about.cpus} x ${about.cpu}, load ${about.loadAtStart.toFixed(2)}`);
  say(
    `${pace.rounds} rounds of ${pace.seconds} s each, ${pace.browsers} browsers; median (lowest..highest) of the rounds`,
  );
  say(`NODE_ENV=production, log level as by default; what the contestants write goes to a file.`);
  const outcomes: Record<string, Outcome & { title: string }> = {};
  for (const workload of workloads) {
    say(`\n${workload.id}. ${workload.title}`);
    const outcome = await runOne(workload, options);
    outcomes[workload.id] = { title: workload.title, ...outcome };
    say(report(outcome));
  }
  return { ...about, workloads: outcomes };
}

async function runOne(workload: Workload, { root, pace, quick, gateway, against, say }: RunOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const upstreams = await Upstreams.start(join(root, 'build/bench/upstream/double.js'));
  const programs: Program[] = [];
  const bench: Bench = {
    root,
    upstreams,
    quick,
    say,
    pace: (own) => ({ ...pace, ...own }),
    gateways: [
      gateway === undefined ? GATEWAY : { ...GATEWAY, script: gateway },
      ...(against === undefined ? [] : [{ name: 'gateway (other build)', script: against }]),
    ],
    async start({ name, script }: Contestant, own = {}) {
      const port = await freePort();
      const environment = { ...environmentOf(upstreams, port), ...own };
      const program = await Program.start(name, resolve(root, script), { environment, port, folder });
      programs.push(program);
      return program;
    },
  };
  try {
    return await workload.run(bench);
  } finally {
    await Promise.all(programs.map(async (program) => program.stop()));
    await upstreams.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variables of the gateway; the other contestants read the same. */
export function environmentOf({ addresses }: Upstreams, port: number): Record<string, string> {
  return {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    AUTH_COOKIE_SECRET: 'a-cookie-secret-for-benchmarks-and-not-a-real-one',
    // All browsers here have one address. The limits still count: what they cost belongs to the gateway.
    AUTH_RATE_LIMIT_PER_ADDRESS: '1000000',
    AUTH_RATE_LIMIT_PER_AUTHENTICATOR: '10000000',
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

function commitOf(root: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
