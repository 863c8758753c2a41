// Installs the real NocoBase if it is not here yet: `node real-nocobase/install.mjs`.
import { installRealNocoBase } from './launch.mjs';

await installRealNocoBase({ onProgress: (line) => console.log(`real NocoBase: ${line}`) });
