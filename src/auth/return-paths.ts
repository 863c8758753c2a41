import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_RETURN_PATH, pathChecker, type ReturnPath } from '../core/return-path/index.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** The pages of NocoBase that a sign-in may end at. */
@Injectable()
export class ReturnPaths {
  /** For who asked for no page, or for one that is none. */
  readonly home: ReturnPath;
  /** The path in normal form, or undefined where it is not a page of NocoBase's that we would send a browser to. */
  readonly checked: (wanted: unknown) => ReturnPath | undefined;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions) {
    const { nocobasePublicUrl, publicUrl: gatewayPublicUrl, defaultPath, returnPathRules } = options;
    this.checked = pathChecker({ ...returnPathRules, nocobasePublicUrl, gatewayPublicUrl, defaultPath });
    this.home = this.checked(defaultPath) ?? DEFAULT_RETURN_PATH;
  }
}
