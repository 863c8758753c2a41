import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { filesInContext } from './docker-context.js';
import { execForm, type Instruction, pairs, type Stage } from './dockerfile.js';

const run = promisify(execFile);

/** How a container of the image would start. */
export interface ReplayedImage {
  /** The folder that represents `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly exposed: string;
}

/**
 * Executes a Dockerfile's COPY and RUN in folders, one for each stage, with this machine's Node and npm instead of the base
 * image's: what `docker build` would do, for machines without an engine or an image.
 */
export async function replay(stages: readonly Stage[], repository: string, folder: string): Promise<ReplayedImage> {
  const context = join(folder, 'context');
  for (const file of filesInContext(repository)) copy(join(repository, file), join(context, file));
  const done = new Map<string, Promise<ReplayedImage>>();
  // Independent stages run at the same time, as with BuildKit.
  for (const stage of stages) {
    const root = join(folder, `stage-${stage.name}`);
    done.set(stage.name, replayStage(stage, { repository, root, context, before: new Map(done) }));
  }
  const images = await Promise.all(done.values());
  return images.at(-1)!;
}

interface Place {
  readonly repository: string;
  readonly root: string;
  readonly context: string;
  readonly before: ReadonlyMap<string, Promise<ReplayedImage>>;
}

async function replayStage(
  { instructions }: Stage,
  { repository, root, context, before }: Place,
): Promise<ReplayedImage> {
  const image = {
    root,
    workdir: '/',
    user: '0',
    env: {} as Record<string, string>,
    labels: {} as Record<string, string>,
    entrypoint: [] as string[],
    command: [] as string[],
    healthCheck: [] as string[],
    exposed: '',
  };
  const steps: Record<string, (instruction: Instruction) => void | Promise<void>> = {
    ARG: () => undefined,
    ENV: ({ text }) => void Object.assign(image.env, pairs(text)),
    LABEL: ({ text }) => void Object.assign(image.labels, pairs(text)),
    USER: ({ text }) => void (image.user = text),
    EXPOSE: ({ text }) => void (image.exposed = text),
    ENTRYPOINT: ({ text }) => void (image.entrypoint = execForm(text)),
    CMD: ({ text }) => void (image.command = execForm(text)),
    HEALTHCHECK: ({ text }) => void (image.healthCheck = execForm(text.replace(/^CMD\s+/, ''))),
    WORKDIR: ({ text }) => {
      image.workdir = text;
      mkdirSync(join(root, text), { recursive: true });
    },
    COPY: async ({ flags, text }) => {
      const words = text.split(/\s+/);
      const target = words.pop() ?? '';
      const from = flags['from'] === undefined ? context : (await before.get(flags['from']))?.root;
      if (from === undefined) throw new Error(`COPY from a stage that is not there: ${flags['from']}`);
      const to = isAbsolute(target) ? join(root, target) : join(root, image.workdir, target);
      for (const source of words) {
        const path = join(from, source);
        const intoFolder = target.endsWith('/') && !statSync(path).isDirectory();
        copy(path, intoFolder ? join(to, basename(source)) : to, flags['chmod'], flags['chown']);
      }
    },
    RUN: async ({ text }) => {
      // The repository's own folder was installed by the same command from the same lock file: this saves half a minute.
      if (text === 'npm ci --ignore-scripts') {
        symlinkSync(join(repository, 'node_modules'), join(root, image.workdir, 'node_modules'));
        return;
      }
      // Here `/` would be this machine's, not the image's.
      if (/(^|[\s'"=])\/\w/.test(text)) throw new Error(`RUN names an absolute path: ${text}`);
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, npm_config_prefer_offline: 'true', ...image.env };
      await run('sh', ['-c', text], { cwd: join(root, image.workdir), env, maxBuffer: 64 * 1024 * 1024 });
    },
  };
  for (const instruction of instructions) {
    const step = steps[instruction.name];
    if (step === undefined) throw new Error(`The replay does not know ${instruction.name}`);
    await step(instruction);
  }
  return image;
}

function copy(from: string, to: string, mode?: string, owner?: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  if (mode !== undefined) chmodSync(to, Number.parseInt(mode, 8));
  // Only root can change a file's owner.
  const [uid, gid] = owner?.split(':').map(Number) ?? [];
  if (uid !== undefined && gid !== undefined && process.getuid?.() === 0) chownSync(to, uid, gid);
}
