// Leaves V8 options that a program sets by itself unset, which shows what `src/young-generation.ts` is worth:
//   node scripts/footprint.mjs 7 dist/main.js --import "$PWD/scripts/without-v8-flags.mjs"
import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';

v8.setFlagsFromString = () => undefined;
syncBuiltinESMExports();
