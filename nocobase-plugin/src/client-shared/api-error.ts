import { isRecord, isText } from '../../../src/core/browser/index.js';

/** NocoBase's message about a failed request. Its errors have the form `{ errors: [{ message }] }`. */
export function messageOf(error: unknown): string | undefined {
  const response = isRecord(error) || error instanceof Error ? Reflect.get(error, 'response') : undefined;
  const body = isRecord(response) ? response['data'] : undefined;
  const first: unknown = isRecord(body) && Array.isArray(body['errors']) ? body['errors'][0] : undefined;
  return isRecord(first) && isText(first['message']) ? first['message'] : undefined;
}
