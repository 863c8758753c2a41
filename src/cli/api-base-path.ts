import type { Environment } from '../config/index.js';
import { isApiBasePath } from '../core/nocobase-web/index.js';
import { valueOf } from './root-credentials.js';
import { TEXTS } from './texts.js';
import { UsageError } from './usage.error.js';

/** For commands that need no complete configuration. @throws UsageError */
export function apiBasePathOf(environment: Environment): string | undefined {
  const path = valueOf(environment, 'NOCOBASE_API_BASE_PATH')?.trim();
  if (path !== undefined && !isApiBasePath(path)) {
    throw new UsageError(TEXTS.apiBasePathWrong);
  }
  return path;
}
