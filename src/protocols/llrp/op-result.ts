import type { CommandError } from '../command-error.ts';

/** Outcome of an operation on one tag, as a report carries it. */
export type OpResult = {
  readonly command: string;
  readonly ok: boolean;
  readonly error: CommandError | null;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Result codes in the neutral words of every family (LLRP 1.0.1, 15.2.1.5); the last ones came with 1.1. */
export const opResults: Readonly<Record<string, readonly (CommandError | null)[]>> = {
  readMemory: [null, 'tag', 'noTag', 'internal', 'memory', 'locked', 'badPassword'],
  writeMemory: [null, 'memory', 'locked', 'power', 'tag', 'noTag', 'internal', 'badPassword'],
  kill: [null, 'badPassword', 'power', 'tag', 'noTag', 'internal', 'badPassword'],
  lock: [null, 'power', 'tag', 'noTag', 'internal', 'badPassword', 'memory', 'locked'],
};

/** Reads an OpSpecResult value; null when it is too short. */
export function readOpResult(operation: string, view: DataView, at: number, end: number): OpResult | null {
  if (at + 3 > end) return null;
  const result = view.getUint8(at);
  const words = at + 5 > end ? 0 : view.getUint16(at + 3);
  const read = operation === 'readMemory';
  if (read && at + 5 + 2 * words > end) return null;
  const data = read
    ? Buffer.from(view.buffer, view.byteOffset + at + 5, 2 * words)
        .toString('hex')
        .toUpperCase()
    : null;
  const error = (opResults[operation] ?? opResults['writeMemory'])?.[result] ?? (result === 0 ? null : 'tag');
  const fields = { result, opSpecId: view.getUint16(at + 1), ...(data === null ? { words } : { data }) };
  return { command: operation, ok: result === 0, error, fields };
}
