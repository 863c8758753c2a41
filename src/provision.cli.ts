import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { GatewayError } from './errors/index.js';
import { provision, ProvisionRefusedError } from './provision/index.js';
import { UpstreamHttpClient, UpstreamHttpError, UpstreamModule } from './upstream/index.js';

const HELP = `Prepares a stock NocoBase for the gateway: a role with the least rights, a user, its API key, and the disabled
authenticator that people's bindings belong to. May be repeated; repairs what is missing.

  npm run provision -- [--dry-run] [--name dingtalk-gateway]

  --dry-run   only looks, and says what it would do
  --name      name of the role and of the user (default: dingtalk-gateway)

Asked for, unless the environment says: NOCOBASE_URL, NOCOBASE_ROOT_ACCOUNT, NOCOBASE_ROOT_PASSWORD. NOCOBASE_AUTHENTICATOR
names the authenticator (default: dingtalk). The credentials are used once and kept nowhere.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      'dry-run': { type: 'boolean', default: false },
      name: { type: 'string', default: 'dingtalk-gateway' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const options = {
    url: (await given('NOCOBASE_URL', 'Address of NocoBase: ')).replace(/\/+$/, ''),
    account: await given('NOCOBASE_ROOT_ACCOUNT', 'Account with the role root: '),
    password: await given('NOCOBASE_ROOT_PASSWORD', 'Its password (not shown): ', { hidden: true }),
    name: values.name,
    authenticator: process.env['NOCOBASE_AUTHENTICATOR'] || 'dingtalk',
    dryRun: values['dry-run'],
  };
  const context = await NestFactory.createApplicationContext(UpstreamModule, { logger: false });
  try {
    const apiKey = await provision(context.get(UpstreamHttpClient), options, ({ what, outcome }) => {
      process.stdout.write(
        `${what}: ${options.dryRun && outcome !== 'as it should be' ? 'would be ' : ''}${outcome}\n`,
      );
    });
    if (apiKey !== undefined)
      process.stdout.write(`\nSet this variable, and keep it secret:\n\nNOCOBASE_API_TOKEN=${apiKey}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  } finally {
    await context.close();
  }
}

async function given(name: string, question: string, { hidden = false } = {}): Promise<string> {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: process.stdin.isTTY,
  });
  const answer = await terminal.question('');
  terminal.close();
  if (hidden) process.stderr.write('\n');
  return answer.trim();
}

function explain(error: unknown): string {
  if (error instanceof ProvisionRefusedError) return error.message;
  if (error instanceof UpstreamHttpError && error.httpStatus === 401) {
    return 'NocoBase does not accept the account and password.';
  }
  if (error instanceof UpstreamHttpError && error.httpStatus === 403) {
    return 'The account lacks the rights: it must hold the role root.';
  }
  return error instanceof GatewayError ? (error.detail ?? error.code) : 'Something unexpected went wrong.';
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n${HELP}`);
    process.exit(2);
  },
);
