// What a program sets of V8 by itself stays unset: NODE_OPTIONS='--import ./scripts/without-v8-flags.mjs' node scripts/footprint.mjs
// shows what `src/young-generation.ts` is worth.
import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';

v8.setFlagsFromString = () => undefined;
syncBuiltinESMExports();
