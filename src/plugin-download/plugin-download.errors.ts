import { GatewayError } from '../core/errors/index.js';

/** The gateway was built without it, as by `npm run compile` in a checkout. */
export class PluginNotPackedError extends GatewayError {
  constructor() {
    super('plugin_not_packed');
  }
}
