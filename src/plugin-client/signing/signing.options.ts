import { configurableModule } from '../../config/index.js';

export interface SigningOptions {
  /** In the order of `AUTH_COOKIE_SECRET`: the first one signs, and the signatures of all are valid. */
  readonly secrets: readonly [string, ...string[]];
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: SIGNING_OPTIONS } =
  configurableModule<SigningOptions>('Signing');
