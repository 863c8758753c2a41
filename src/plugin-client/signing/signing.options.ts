import { configurableModule } from '../../config/index.js';

export interface SigningOptions {
  /** As `AUTH_COOKIE_SECRET` lists them: the first signs, and what any of them signed is good. */
  readonly secrets: readonly [string, ...string[]];
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: SIGNING_OPTIONS } =
  configurableModule<SigningOptions>('Signing');
