/** What would have ended the process while `work` ran. */
export async function uncaughtDuring(work: () => Promise<void>): Promise<unknown[]> {
  const caught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  const note = (error: unknown) => void caught.push(error);
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note);
  try {
    await work();
  } finally {
    process.off('uncaughtException', note);
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return caught;
}
