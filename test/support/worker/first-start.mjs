// Starts a NocoBase for the first time, in a folder that remains for others to begin with.
//   node test/support/worker/first-start.mjs FOLDER OPTIONS     the launcher's, in JSON
import { launchRealNocoBase } from '../../../real-nocobase/launch.mjs';

const [folder, options] = process.argv.slice(2);
const nocobase = await launchRealNocoBase({ ...JSON.parse(options), env: { NB_DIR: folder } });
await nocobase.stop();
