/** Ends the process with this error, as a bug does that nobody caught: for what a promise was rejected with. */
export function crash(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
