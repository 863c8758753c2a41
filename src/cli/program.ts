import { Command, CommanderError, Option } from 'commander';
import { version } from '../config/index.js';
import { explain } from './command.errors.js';
import { UsageError } from './usage.error.js';
import type { Io } from './io.js';
import { CREDENTIALS_HELP } from './root-credentials.js';

const EXIT_CODES = '\nExit codes: 0 all is well, 1 a problem was found or something was refused, 2 wrong usage.';

/**
 * Everything but a plain start: commander reads the arguments, and each command is loaded when it is called.
 *
 * @param paint writes as it is what its author has looked through: the colours of a report, the first mark of a file
 */
export async function runProgram(args: readonly string[], io: Io, paint: Io['out']): Promise<number | undefined> {
  let code: number | undefined = 0;
  const program = describe(io, paint, async (work) => {
    code = await work();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong; help and version are no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      io.err(`${error.message}\n`);
      return 2;
    }
    io.err(`${explain(error)}\n`);
    return 1;
  }
}

function describe(
  io: Io,
  paint: Io['out'],
  finish: (work: () => Promise<number | undefined>) => Promise<void>,
): Command {
  const json = new Option('--json', 'write the result as JSON');
  const dryRun = new Option('--dry-run', 'only look, and say what would be done');
  const url = new Option('--url <address>', 'address of NocoBase (default: NOCOBASE_URL)');
  const insecure = new Option('--insecure', 'send the password over http:// also to a public address');
  const authenticator = new Option('--authenticator <name>', 'name of the authenticator (default: the first)');

  const program = new Command('nocobase-dingtalk-gateway')
    .description('Signs people in to NocoBase with DingTalk. Without a command it starts the gateway.')
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .addHelpText('after', EXIT_CODES);

  program
    .command('start')
    .description('serve until SIGTERM (the default)')
    .action(() => finish(async () => (await import('./start.command.js')).start(io)));

  program
    .command('check')
    .description('look at the configuration only; asks nobody')
    .addOption(json)
    .addHelpText('after', '\nExample:\n  nocobase-dingtalk-gateway check --json')
    .action((options) => finish(async () => (await import('./check.command.js')).check(options, io)));

  program
    .command('doctor')
    .description(
      'walk through every step of a sign-in and say what is wrong and where to put it right; changes nothing',
    )
    .addOption(json)
    .addOption(
      new Option('--lang <language>', 'language of the report (default: as LC_ALL or LANG)').choices(['en', 'zh']),
    )
    .addHelpText(
      'after',
      `
The signs: ✓ works, ✗ must be put right, ! look at it yourself, - not tested because of something above.
Exit code 1 says that a sign-in could not work, or that something is not safe.

Examples:
  nocobase-dingtalk-gateway doctor
  nocobase-dingtalk-gateway doctor --lang zh
  nocobase-dingtalk-gateway doctor --json`,
    )
    .action((options) => finish(async () => (await import('./doctor.command.js')).doctor(options, io, paint)));

  program
    .command('provision')
    .description('make or repair what the gateway needs at a stock NocoBase')
    .addOption(dryRun)
    .option('--name <name>', 'name of the role and of the user', 'dingtalk-gateway')
    .option('--authenticator <name>', 'name of the authenticator (default: NOCOBASE_AUTHENTICATOR, or dingtalk)')
    .addOption(url)
    .addOption(insecure)
    .addOption(json)
    .addHelpText(
      'after',
      `
A role with the least rights, a user that holds it, its API key, and the disabled authenticator that people's bindings
belong to. May be repeated: it repairs what is missing. Every run makes a new key; older ones stay valid.
${CREDENTIALS_HELP}

Examples:
  nocobase-dingtalk-gateway provision --dry-run
  nocobase-dingtalk-gateway provision --name sign-in-gateway`,
    )
    .action((options) => finish(async () => (await import('./provision.command.js')).provisionCommand(options, io)));

  program
    .command('bind')
    .description('link a DingTalk unionId to a NocoBase user before the first sign-in')
    .argument('[unionId]', "the person's unionId at DingTalk")
    .argument('[user]', 'id:12, username:li-lei, phone:+8613800000000 or email:a@example.com')
    .option('--user-id <id>', 'the NocoBase user, by id')
    .option('--username <name>', '… by username')
    .option('--phone <number>', '… by phone number, as +8613800000000 or a bare Chinese mobile number')
    .option('--email <address>', '… by e-mail address')
    .option('--dingtalk-userid <userid>', "instead of a unionId: the UserID that DingTalk's address book shows")
    .option('--file <path>', 'many at once, from a CSV file')
    .option('--allow-protected', 'also accounts with protected roles, and the root account')
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(dryRun)
    .addOption(json)
    .addHelpText(
      'after',
      `
CSV: UTF-8 with a heading line. One column says who it is at DingTalk, unionId or userid (the organization's user id, as
other plug-ins keep it; DingTalk is asked for the unionId and needs the permission qyapi_get_member). One says who it is
at NocoBase: id, username, phone or email. Other columns are ignored. A line that leaves one of the two empty is
an error; it does not stop the others. Each line gets one of: ok, already, conflict, protected, not found, error.

People whose mobile number stands in both systems need no import: the gateway matches them at their first sign-in.
${CREDENTIALS_HELP}

Examples:
  nocobase-dingtalk-gateway bind 0aBcD1eF2 username:li-lei
  nocobase-dingtalk-gateway bind --dingtalk-userid manager4220 --user-id 1 --allow-protected
  nocobase-dingtalk-gateway bind --file people.csv --dry-run`,
    )
    .action((unionId: string | undefined, user: string | undefined, options) =>
      finish(async () => (await import('./bindings/bind.command.js')).bindCommand({ ...options, unionId, user }, io)),
    );

  program
    .command('unbind')
    .description('take the link of a DingTalk unionId away, also one whose user is gone')
    .argument('<unionId>')
    .option('--user-id <id>', 'only the link to this user, where there are several')
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(dryRun)
    .addOption(json)
    .addHelpText('after', `${CREDENTIALS_HELP}\n\nExample:\n  nocobase-dingtalk-gateway unbind 0aBcD1eF2`)
    .action((unionId: string, options) =>
      finish(async () => (await import('./bindings/unbind.command.js')).unbindCommand({ ...options, unionId }, io)),
    );

  program
    .command('bindings')
    .description('list who is linked to whom')
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(new Option('--csv', 'write CSV').conflicts('json'))
    .addOption(new Option('--excel', 'write CSV with the mark by which Excel knows UTF-8').conflicts(['json', 'csv']))
    .addOption(json)
    .addHelpText('after', `${CREDENTIALS_HELP}\n\nExample:\n  nocobase-dingtalk-gateway bindings --csv > bindings.csv`)
    .action((options) =>
      finish(async () => (await import('./bindings/bindings.command.js')).bindingsCommand(options, io, paint)),
    );

  // Also behind a command's name: whoever asks need not know that it is all one program.
  const own = version();
  for (const command of [program, ...program.commands]) {
    command.version(own, '-V, --version', 'print the version, which is also that of the plugin to take');
  }
  return program;
}
