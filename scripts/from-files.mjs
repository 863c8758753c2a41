// The gateway from its compiled files in place of the one program that the build makes of them (program.mjs): only so can
// packages and rooms be told apart. Without an .env file, and without what holds memory at start.
import { run, terminalIo } from '../dist/cli/index.js';

await run(['start'], terminalIo());
