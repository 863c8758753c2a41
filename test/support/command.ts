import { run } from '../../src/cli/index.js';

export interface CommandRun {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command as an operator calls it, in this process: without a terminal, and with nobody to answer questions. */
export async function runCommand(args: readonly string[], environment: Record<string, string>): Promise<CommandRun> {
  let [stdout, stderr] = ['', ''];
  const code = await run(args, {
    environment,
    colours: false,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    ask: async (question) => {
      throw new Error(`asked: ${question}`);
    },
  });
  return { code, stdout, stderr };
}
