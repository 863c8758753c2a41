/**
 * Does work whose failure is an answer: nobody looks for the line of code that it came from, and to note that down takes V8 a
 * tenth of what it costs to turn somebody away (docs/performance.md).
 *
 * @param work nothing asynchronous, and nothing whose own mistakes should be found by their stack
 */
export function withoutStack<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
