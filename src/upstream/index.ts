export { UpstreamModule } from './upstream.module.js';
export { upstreamForCommands } from './upstream-for-commands.js';
