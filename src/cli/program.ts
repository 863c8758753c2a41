import { Command, CommanderError, Option } from 'commander';
import { version } from '../config/index.js';
import { explain } from './command.errors.js';
import { widthOf } from '../printing/index.js';
import { UsageError } from './usage.error.js';
import type { Io } from './io.js';
import { translated } from './commander-words.js';
import { HELP } from './help-texts.js';
import { type Text, LANGS } from '../core/texts/index.js';

const NAME = 'nocobase-dingtalk-gateway';

/**
 * Everything but a plain start: commander parses the arguments, and each command is loaded when it is called.
 *
 * @param paint writes text unescaped, for trusted output: the colours of a report, the byte order mark of a file
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
    // Commander has printed the error; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.err(`${explain(error)[io.lang]}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function describe(
  io: Io,
  paint: Io['out'],
  finish: (work: () => Promise<number | undefined>) => Promise<void>,
): Command {
  const said = (text: Text): string => text[io.lang];
  const commanders = (lines: string): string =>
    lines
      .split('\n')
      .map((line) => translated(line, io.lang))
      .join('\n');
  const examples = (...lines: readonly string[]): string =>
    ['', said(lines.length === 1 ? HELP.example : HELP.examples), ...lines.map((line) => `  ${NAME} ${line}`)].join(
      '\n',
    );
  const credentials = said(HELP.credentials);

  // The caller has parsed it already, at any position; here it is for help, and to refuse unsupported languages.
  const lang = new Option('--lang <language>', said(HELP.lang)).choices(LANGS);
  const json = new Option('--json', said(HELP.json));
  const dryRun = new Option('--dry-run', said(HELP.dryRun));
  const url = new Option('--url <address>', said(HELP.url));
  const insecure = new Option('--insecure', said(HELP.insecure));
  const authenticator = new Option('--authenticator <name>', said(HELP.authenticator));

  const program = new Command(NAME)
    .description(said(HELP.program))
    .exitOverride()
    .showHelpAfterError(said(HELP.afterError))
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (line, write) => write(commanders(line)),
    })
    .configureHelp({
      displayWidth: widthOf,
      styleTitle: commanders,
      styleOptionDescription: commanders,
    })
    .helpOption('-h, --help', said(HELP.help))
    .helpCommand('help [command]', said(HELP.help))
    .addOption(lang)
    .addHelpText('after', `\n${said(HELP.exitCodes)}`);
  const command = (name: string, description: Text): Command =>
    program.command(name).description(said(description)).helpOption('-h, --help', said(HELP.help)).addOption(lang);

  command('start', HELP.start).action(() => finish(async () => (await import('./start.command.js')).start(io)));

  command('check', HELP.check)
    .addOption(json)
    .addHelpText('after', examples('check --json'))
    .action((options) => finish(async () => (await import('./check.command.js')).check(options, io)));

  command('doctor', HELP.doctor)
    .addOption(json)
    .addHelpText('after', `${said(HELP.signs)}\n${examples('doctor', 'doctor --lang zh', 'doctor --json')}`)
    .action((options) => finish(async () => (await import('./doctor.command.js')).doctor(options, io, paint)));

  command('provision', HELP.provision)
    .addOption(dryRun)
    .option('--name <name>', said(HELP.provisionName), 'dingtalk-gateway')
    .option('--authenticator <name>', said(HELP.provisionAuthenticator))
    .addOption(url)
    .addOption(insecure)
    .addOption(json)
    .addHelpText(
      'after',
      `${said(HELP.whatProvisionMakes)}\n${credentials}\n${examples('provision --dry-run', 'provision --name sign-in-gateway')}`,
    )
    .action((options) => finish(async () => (await import('./provision.command.js')).provisionCommand(options, io)));

  command('bind', HELP.bind)
    .argument('[unionId]', said(HELP.bindUnionId))
    .argument('[user]', said(HELP.bindUser))
    .option('--user-id <id>', said(HELP.byId))
    .option('--username <name>', said(HELP.byUsername))
    .option('--phone <number>', said(HELP.byPhone))
    .option('--email <address>', said(HELP.byEmail))
    .option('--dingtalk-userid <userid>', said(HELP.byUserid))
    .option('--file <path>', said(HELP.file))
    .option('--allow-protected', said(HELP.allowProtected))
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(dryRun)
    .addOption(json)
    .addHelpText(
      'after',
      `${said(HELP.aboutCsv)}\n${credentials}\n${examples(
        'bind 0aBcD1eF2 username:li-lei',
        'bind --dingtalk-userid manager4220 --user-id 1 --allow-protected',
        'bind --file people.csv --dry-run',
      )}`,
    )
    .action((unionId: string | undefined, user: string | undefined, options) =>
      finish(async () => (await import('./bindings/bind.command.js')).bindCommand({ ...options, unionId, user }, io)),
    );

  command('unbind', HELP.unbind)
    .argument('<unionId>')
    .option('--user-id <id>', said(HELP.onlyThisUser))
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(dryRun)
    .addOption(json)
    .addHelpText('after', `${credentials}\n${examples('unbind 0aBcD1eF2')}`)
    .action((unionId: string, options) =>
      finish(async () => (await import('./bindings/unbind.command.js')).unbindCommand({ ...options, unionId }, io)),
    );

  command('bindings', HELP.bindings)
    .addOption(authenticator)
    .addOption(url)
    .addOption(insecure)
    .addOption(new Option('--csv', said(HELP.csv)).conflicts('json'))
    .addOption(new Option('--excel', said(HELP.excel)).conflicts(['json', 'csv']))
    .addOption(json)
    .addHelpText('after', `${credentials}\n${examples('bindings --csv > bindings.csv')}`)
    .action((options) =>
      finish(async () => (await import('./bindings/bindings.command.js')).bindingsCommand(options, io, paint)),
    );

  command('leavers', HELP.leavers)
    .option('--lock', said(HELP.lock))
    .option('--yes', said(HELP.yes))
    .addOption(authenticator)
    .addOption(json)
    .addHelpText(
      'after',
      `${said(HELP.aboutLeavers)}\n${examples('leavers', 'leavers --lock --yes', 'leavers --json')}`,
    )
    .action((options) => finish(async () => (await import('./leavers.command.js')).leaversCommand(options, io)));

  // Also after a command's name, because users may not know that it is all one program.
  const own = version();
  for (const command of [program, ...program.commands]) {
    command.version(own, '-V, --version', said(HELP.version));
  }
  return program;
}
