// Imported by path: of a library with a dozen stores the plugin bundles only the one in memory.
declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  export { RateLimiterMemory as default } from 'rate-limiter-flexible';
}
