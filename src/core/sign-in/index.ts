export { OneTimeStore } from './one-time-store.js';
export { StoreUnavailableError } from './one-time-store.errors.js';
export { isPrefetch } from './prefetch.js';
export { AccessDeniedError, InvalidStateError } from './sign-in.errors.js';
export { type Flow, type SignInTransaction, STATE_PATTERN } from './sign-in-transaction.js';
export {
  type BegunSignIn,
  type CheckedPaths,
  type HeldTransaction,
  type SignInCounts,
  SignInTransactions,
  type TransactionOptions,
} from './sign-in-transactions.js';
