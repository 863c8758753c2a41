import { RateLimitedError } from '../limits/index.js';
import { StoreUnavailableError } from '../sign-in/index.js';

/**
 * The cookie of a sign-in is cleared whatever the outcome, unless nothing was done yet: then the person may try again.
 */
export async function endingTransaction<T>(finish: () => Promise<T>, clearCookie: () => void): Promise<T> {
  let mayComeAgain = false;
  try {
    return await finish();
  } catch (error) {
    mayComeAgain = error instanceof RateLimitedError || error instanceof StoreUnavailableError;
    throw error;
  } finally {
    if (!mayComeAgain) clearCookie();
  }
}
