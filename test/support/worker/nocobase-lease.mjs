// One real NocoBase for each worker and kind (with or without the plugin), lent to one suite after another. Each receives it as if
// just started: database, caches and rules are in their initial state.
import { installRealNocoBase, launchRealNocoBase } from '../../../real-nocobase/launch.mjs';

/** Kind, and the NocoBase of that kind. */
const kept = new Map();

/** @param plugin its file and packageName; none: a NocoBase without it */
export async function leaseNocoBase(plugin) {
  const kind = plugin?.packageName ?? '';
  const idle = kept.get(kind);
  // A suite that needs a second one gets its own.
  if (idle?.lent) return launch(plugin);
  const nocobase = (idle && (await asNew(idle))) ?? (await launch(plugin));
  kept.set(kind, { nocobase, lent: true });
  return { ...nocobase, stop: async () => void (kept.get(kind).lent = false) };
}

/** A failed suite may not have returned what it was lent. */
export function takeBackAll() {
  for (const entry of kept.values()) entry.lent = false;
}

/** What a suite has done to it may be irreversible. */
async function asNew({ nocobase }) {
  try {
    await nocobase.reset();
    return nocobase;
  } catch (error) {
    process.stderr.write(`a NocoBase is replaced: ${error.message}\n`);
    await nocobase.stop();
    return undefined;
  }
}

async function launch(plugin) {
  await installRealNocoBase();
  const nocobase = await launchRealNocoBase({
    authenticator: 'dingtalk',
    web: true,
    commands: true,
    background: true,
    plugin,
  });
  await nocobase.keep();
  return nocobase;
}
