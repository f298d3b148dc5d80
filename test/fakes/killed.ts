import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Killed = {
  /** Runs until a line on its output is a number of at least this much, and not a moment longer: SIGKILL. */
  killAt(file: string, args: readonly string[], number: number): Promise<void>;
  /** Runs to its end; the exit code. */
  runToEnd(file: string, args: readonly string[]): Promise<number | null>;
  /** Kills what still runs. */
  end(): void;
};

/** TypeScript files as processes that are killed. */
export function createKilled(): Killed {
  const children: ChildProcess[] = [];
  const run = (file: string, args: readonly string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return { child, gone: new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code))) };
  };
  return {
    killAt: async (file, args, number) => {
      const { child, gone } = run(file, args);
      for await (const line of createInterface({ input: child.stdout })) if (Number(line) >= number) break;
      child.kill('SIGKILL');
      await gone;
    },
    runToEnd: (file, args) => {
      const { child, gone } = run(file, args);
      child.stdout.resume();
      return gone;
    },
    end: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
