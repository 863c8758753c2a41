import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_RETURN_PATH, pathChecker, type ReturnPath } from '../core/return-path/index.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** The pages of NocoBase that a sign-in may end at. */
@Injectable()
export class ReturnPaths {
  /** Used if no page or an invalid one was requested. */
  readonly home: ReturnPath;
  /** The normalized path; undefined if it is not a page of NocoBase that we would send a browser to. */
  readonly checked: (wanted: unknown) => ReturnPath | undefined;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions) {
    const { nocobasePublicUrl, publicUrl: gatewayPublicUrl, defaultPath, returnPathRules } = options;
    this.checked = pathChecker({ ...returnPathRules, nocobasePublicUrl, gatewayPublicUrl, defaultPath });
    this.home = this.checked(defaultPath) ?? DEFAULT_RETURN_PATH;
  }
}
