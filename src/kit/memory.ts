import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** Bytes. */
export type MemoryLimits = { readonly heap: number; readonly process: number };

/** What this process may use: V8's limit (`--max-old-space-size`), and that of its control group or else of the machine. */
export function memoryLimits(): MemoryLimits {
  const constrained = process.constrainedMemory();
  return {
    heap: getHeapStatistics().heap_size_limit,
    process: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
  };
}
