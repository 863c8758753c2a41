export { UpstreamModule } from './upstream.module.js';
export { upstreamForCommands, upstreamOfItsOwn } from './upstream-for-commands.js';
