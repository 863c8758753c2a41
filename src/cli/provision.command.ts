import { z } from 'zod';
import { apiBasePathOf } from './api-base-path.js';
import { wantedRights } from '../nocobase-client/index.js';
import type { Text } from '../core/texts/index.js';
import { OUTCOMES, provision, type ProvisionStep } from './provision/index.js';
import { asJsonText } from '../printing/index.js';
import { explain } from './command.errors.js';
import type { Io } from './io.js';
import { TEXTS } from './texts.js';
import { type AddressOptions, rootCredentials, valueOf } from './root-credentials.js';
import { upstreamForCommands } from '../upstream/index.js';
import { fieldRulesOf, leaverModeOf } from './wanted-fields.js';

export interface ProvisionCommandOptions extends AddressOptions {
  /** Of the role, and of the user that holds it. */
  readonly name: string;
  readonly authenticator?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** What a dry run would only plan. */
const CHANGES = new Set<ProvisionStep['outcome']>(['created', 'repaired']);

/** Creates or repairs what the gateway needs in NocoBase; `--json` returns `{ok, dryRun, steps, variables}`. */
export async function provisionCommand(options: ProvisionCommandOptions, io: Io): Promise<number> {
  const { dryRun = false, json = false } = options;
  const apiBasePath = apiBasePathOf(io.environment);
  const url = valueOf(io.environment, 'NOCOBASE_URL');
  const credentials = await rootCredentials(io, options, { url, apiBasePath });
  const app = valueOf(io.environment, 'NOCOBASE_APP') ?? 'main';
  const authenticator = options.authenticator ?? valueOf(io.environment, 'NOCOBASE_AUTHENTICATOR') ?? 'dingtalk';
  const rights = wantedRights(fieldRulesOf(io.environment), leaverModeOf(io.environment));
  const steps: ProvisionStep[] = [];
  const report = (step: ProvisionStep): void => {
    steps.push(step);
    if (json) return;
    const outcome: Text = OUTCOMES[step.outcome];
    const said = dryRun && CHANGES.has(step.outcome) ? TEXTS.wouldBe(outcome) : outcome;
    io.out(`${TEXTS.step(step.what, said)[io.lang]}\n`);
  };
  const heldBy = roleOfKey(valueOf(io.environment, 'NOCOBASE_API_TOKEN'));
  if (heldBy !== undefined && heldBy !== options.name) {
    io.err(`${TEXTS.otherRole(heldBy, options.name)[io.lang]}\n`);
  }
  try {
    const wanted = { ...credentials, app, apiBasePath, authenticator, name: options.name, dryRun, rights };
    const apiKey = await provision(upstreamForCommands(), wanted, report);
    const variables: Record<string, string> =
      apiKey === undefined
        ? {}
        : {
            ...(authenticator === 'dingtalk' ? {} : { NOCOBASE_AUTHENTICATOR: authenticator }),
            NOCOBASE_API_TOKEN: apiKey,
          };
    if (json) io.out(asJsonText({ ok: true, dryRun, steps: steps.map(forPrograms), variables }));
    else if (apiKey !== undefined) {
      const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
      io.out(`\n${TEXTS.setThis[io.lang]}\n\n${lines.join('')}`);
    }
    return 0;
  } catch (error) {
    const reason = explain(error);
    if (json) io.out(asJsonText({ ok: false, dryRun, steps: steps.map(forPrograms), error: reason.en }));
    else io.err(`${reason[io.lang]}\n`);
    return 1;
  }
}

const forPrograms = ({ what, outcome }: ProvisionStep): object => ({ what: what.en, outcome });

const payload = z.object({ roleName: z.string().regex(/^[\w-]{1,64}$/) });

/** An API key of NocoBase is a token that names its role. It is only decoded here, not trusted. */
function roleOfKey(key: string | undefined): string | undefined {
  try {
    const part = Buffer.from(key?.split('.')[1] ?? '', 'base64url').toString('utf8');
    return payload.safeParse(JSON.parse(part)).data?.roleName;
  } catch {
    return undefined;
  }
}
