import { ConfigurableModuleBuilder } from '@nestjs/common';

/** The link targets of our pages. */
export interface PagesOptions {
  /** The gateway's address as browsers see it. */
  readonly publicUrl: string;
  /** NocoBase's own sign-in page. */
  readonly passwordUrl: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: PAGES_OPTIONS } =
  new ConfigurableModuleBuilder<PagesOptions>({ moduleName: 'Pages' }).setClassMethodName('forRoot').build();
