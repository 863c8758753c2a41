// Starts the gateway from its compiled files instead of the bundled program (program.mjs): only in this way can packages and rooms
// be told apart. Reads no .env file, and leaves out what limits memory at the start.
import { run, terminalIo } from '../dist/cli/index.js';

await run(['start'], terminalIo());
