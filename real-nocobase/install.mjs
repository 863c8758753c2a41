// Installs the real NocoBase if it is missing: `node real-nocobase/install.mjs`.
import { installRealNocoBase } from './launch.mjs';

await installRealNocoBase({ onProgress: (line) => console.log(`real NocoBase: ${line}`) });
