export { NoPrefetchGuard } from './no-prefetch.guard.js';
export * from './pages/index.js';
export { ProxySight, readSight, SIGHT_ANSWER, SIGHT_QUESTION, sightQuestion } from './proxy-sight.js';
export * from './rate-limit/index.js';
