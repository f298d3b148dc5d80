import { GatewayError } from '../kit/index.ts';
import { pairBytes } from './budget.ts';

const mb = 1024 * 1024;
/** The program itself and V8's young generation: 48 MB each. */
const heapBase = 96 * mb;
/** The same beside SQLite's cache and what Node keeps outside its heap. */
const processBase = 192 * mb;
/** Of a row in the heap, while a start takes it back, measured. */
const rowBytes = 367;
/** What presence may take of what is left; the rest is for items, messages and the operating system's cache of the database. */
const share = 1 / 4;
/** With less room than for so many tags a gateway is of no use. */
const fewestPairs = 1_000;

/** Bytes; `process` is that of the machine where nothing less limits it. */
type Limits = { readonly heap: number; readonly process: number };

/**
 * How much memory presence may take, bytes: `asked`, or where that is null a quarter of what the process may have beside the
 * program, and more where the `present` pairs of tag and read point need more. Throws MEMORY_LOW when these, or a thousand, do not
 * fit: V8 or the system would end the process without a word.
 */
export function presenceMemory(present: number, asked: number | null, limits: Limits): number {
  const pairs = Math.max(present, fewestPairs);
  const needed = pairs * pairBytes;
  const room = limits.process - processBase;
  const problem =
    tooSmall(present, heapBase + pairs * rowBytes, limits.heap, heapNext) ??
    tooSmall(
      present,
      processBase + needed,
      limits.process,
      () => 'raise the memory limit of the container or service',
    ) ??
    (asked === null ? null : tooSmall(present, needed, asked, () => 'raise presence.memory in the configuration'));
  if (problem !== null) throw problem;
  return asked ?? Math.max(needed, Math.floor(room * share));
}

const heapNext = (least: number) => `raise Node’s heap limit (NODE_OPTIONS=--max-old-space-size=${least})`;

function tooSmall(present: number, bytes: number, limit: number, next: (mb: number) => string): GatewayError | null {
  if (bytes <= limit) return null;
  const least = Math.ceil(bytes / mb);
  const limitMb = Math.floor(limit / mb);
  return new GatewayError(
    'MEMORY_LOW',
    `${present} tags are present and need a memory limit of ${least} MB, but it is ${limitMb} MB: ${next(least)}.`,
    { present, neededMb: least, limitMb },
  );
}
