import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** Bytes. `process` is null where nothing but the machine itself limits it. */
export type MemoryLimits = { readonly heap: number; readonly process: number | null };

/** What this process may use: V8's limit (`--max-old-space-size`) and that of its control group. */
export function memoryLimits(): MemoryLimits {
  const constrained = process.constrainedMemory();
  return {
    heap: getHeapStatistics().heap_size_limit,
    process: constrained > 0 && constrained < totalmem() ? constrained : null,
  };
}
