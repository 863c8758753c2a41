import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, type Sandbox } from '../sandbox/index.js';
import type { NocoBase } from './nocobase.js';

export interface GatewayOptions {
  readonly root: string;
  readonly port: number;
  readonly sandbox: Sandbox;
  readonly nocobase: NocoBase;
  /** Whether its settings come from NocoBase's form or from variables. */
  readonly settingsFrom: 'nocobase' | 'variables';
}

/** Starts it and waits until sign-ins are possible. */
export async function startGateway({
  root,
  port,
  sandbox,
  nocobase,
  settingsFrom,
}: GatewayOptions): Promise<ChildProcess> {
  const publicUrl = `http://localhost:${port}`;
  const gateway = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
    // Away from the reader's own .env file.
    cwd: join(root, 'build'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: publicUrl,
      AUTH_COOKIE_SECRET: randomBytes(32).toString('hex'),
      ...addressesOf(sandbox),
      NOCOBASE_URL: nocobase.url,
      ...(settingsFrom === 'nocobase' ? { AUTHENTICATORS_SOURCE: 'nocobase' } : variables(nocobase)),
    },
  });
  await listening(gateway);
  await ready(publicUrl);
  return gateway;
}

/** DingTalk's addresses, for the gateway or for NocoBase itself. */
export function addressesOf({ loginUrl, apiUrl, oapiUrl }: Sandbox): Record<string, string> {
  return { DINGTALK_LOGIN_URL: loginUrl, DINGTALK_API_URL: apiUrl, DINGTALK_OAPI_URL: oapiUrl };
}

/** The gateway's variables if NocoBase does not have the plugin. */
function variables({ apiKey, jwtSecret }: NocoBase): Record<string, string> {
  return {
    DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
    DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
    DINGTALK_CORP_ID: DEMO_CORP_ID,
    DINGTALK_AUTO_SIGN_UP: 'true',
    NOCOBASE_API_TOKEN: apiKey,
    NOCOBASE_JWT_SECRET: jwtSecret,
  };
}

async function listening(gateway: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}`)));
    gateway.stdout?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      if (text.includes('"listening"')) resolve();
      process.stdout.write(text.replace(/^/gm, '     ').trimEnd() + '\n');
    });
  });
}

/** If NocoBase has the plugin, the gateway fetches its settings from there every five seconds. */
async function ready(publicUrl: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  const isReady = async (): Promise<boolean> =>
    fetch(`${publicUrl}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Error('the gateway did not hear from NocoBase');
    await delay(250);
  }
}
