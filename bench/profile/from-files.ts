// The gateway from its compiled files in place of the one program that the build makes of them (scripts/program.mjs):
// only so does a profile tell packages and rooms apart. Without an .env file, and without what holds memory at start.

const cli = new URL('../../../dist/cli/index.js', import.meta.url);
const { run, terminalIo } = (await import(cli.href)) as {
  readonly run: (args: readonly string[], io: unknown) => Promise<unknown>;
  readonly terminalIo: () => unknown;
};
await run(['start'], terminalIo());
