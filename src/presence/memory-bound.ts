import { GatewayError } from '../kit/index.ts';

const mb = 1024 * 1024;
/** Of one tag at one read point, measured: 1,034 in the heap, and 367 more of its row while a start takes it back. */
const bytesEach = 1_500;
/** The program itself and V8's young generation: 48 MB each. */
const heapBase = 96 * mb;
/** The same beside SQLite's cache and what Node keeps outside its heap. */
const processBase = 192 * mb;
/** The most pairs of tag and read point that are kept, whatever memory there is. */
export const mostEntries = 250_000;
/** With less a gateway is of no use. */
const fewestEntries = 1_000;

/** Bytes; `process` is null where only the machine limits it. */
type Limits = { readonly heap: number; readonly process: number | null };

/**
 * How many pairs of tag and read point the memory has room for, `mostEntries` at most. Throws MEMORY_LOW when the `present`
 * ones, or a thousand, do not fit: V8 would end the process without a word.
 */
export function entriesThatFit(present: number, limits: Limits): number {
  const room = Math.min(limits.heap - heapBase, (limits.process ?? Number.POSITIVE_INFINITY) - processBase);
  const fitting = Math.floor(room / bytesEach);
  const needed = Math.max(present, fewestEntries);
  if (fitting >= needed) return Math.min(mostEntries, fitting);
  const isHeap = limits.process === null || limits.heap - heapBase <= limits.process - processBase;
  const least = Math.ceil((needed * bytesEach + (isHeap ? heapBase : processBase)) / mb);
  const limit = Math.floor((isHeap ? limits.heap : (limits.process ?? 0)) / mb);
  const next = isHeap
    ? `raise Node’s heap limit (NODE_OPTIONS=--max-old-space-size=${least})`
    : 'raise the memory limit of the container or service';
  throw new GatewayError(
    'MEMORY_LOW',
    `${present} tags are present and need a memory limit of ${least} MB, but it is ${limit} MB: ${next}.`,
    { present, neededMb: least, limitMb: limit },
  );
}
