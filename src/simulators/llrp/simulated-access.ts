import {
  bankOf,
  type CommandError,
  inner,
  inners,
  listIn,
  numberIn,
  opResults,
  type Parameter,
  writeTlv,
} from '../../protocols/index.ts';
import type { TagAnswer, TagMemory } from '../tag-memory.ts';
import type { HeldAccessSpec } from './simulated-memory.ts';
import { hasBits } from './simulated-tags.ts';

/** How an operation goes wrong on purpose: whether the tag did it all the same, and what is said of it; null is nothing. */
export type OpFault = { readonly done: boolean; readonly says: CommandError | null };

type Operation = { readonly name: 'readMemory' | 'writeMemory' | 'lock' | 'kill'; readonly result: number };
const operations: Partial<Record<Parameter['name'], Operation>> = {
  C1G2Read: { name: 'readMemory', result: 349 },
  C1G2Write: { name: 'writeMemory', result: 350 },
  C1G2Kill: { name: 'kill', result: 351 },
  C1G2Lock: { name: 'lock', result: 352 },
};

/** The last result code that LLRP 1.0.1 knows, and its word for whatever else a tag refuses. */
const oldest = { readMemory: [3, 1], writeMemory: [6, 4], kill: [5, 3], lock: [4, 2] } as const;

/** Whether an AccessSpec is for this tag, seen by this antenna in this ROSpec. */
export function isFor(spec: HeldAccessSpec, memory: TagMemory, antenna: number, roSpecs: readonly number[]): boolean {
  if (!spec.enabled || (spec.antenna !== 0 && spec.antenna !== antenna)) return false;
  if (spec.roSpecId !== 0 && !roSpecs.includes(spec.roSpecId)) return false;
  const targets = inners(inner(spec.command, 'C1G2TagSpec'), 'C1G2TargetTag');
  return targets.every((target) => hasBits(memory, target) === ((numberIn(target, 'bank') & 0x20) !== 0));
}

/** Carries an AccessSpec's operations out on a tag; gives the OpSpecResult parameters. `fault` is asked once for each. */
export function operateOn(
  spec: HeldAccessSpec,
  memory: TagMemory,
  version: number,
  fault: () => OpFault | undefined,
): Uint8Array[] {
  return (spec.command?.inside ?? []).flatMap((op) => {
    const operation = operations[op.name];
    if (operation === undefined) return [];
    const wrong = fault();
    const said = wrong?.done === false ? null : carryOut(op, memory);
    if (wrong === undefined) return said === null ? [] : [resultOf(op, operation, said, version)];
    if (wrong.says === null) return [];
    return [resultOf(op, operation, { ok: false, error: wrong.says }, version)];
  });
}

function carryOut(op: Parameter, memory: TagMemory): TagAnswer {
  const hex = numberIn(op, 'password').toString(16).toUpperCase().padStart(8, '0');
  const password = hex === '00000000' ? null : hex;
  const [bank, word] = [bankOf(numberIn(op, 'bank')), numberIn(op, 'word')];
  switch (op.name) {
    case 'C1G2Read':
      return memory.read(bank, word, numberIn(op, 'words'), password);
    case 'C1G2Write':
      return memory.write(bank, word, hexOf(listIn(op, 'data')), password);
    case 'C1G2Lock':
      return lock(op, memory, password);
    default:
      return memory.kill(hex);
  }
}

/** Action bits of Gen2 by LLRP's privileges: read and write with the password, permanent lock, permanent unlock, unlock. */
const actions = [0b10, 0b11, 0b01, 0b00] as const;

function lock(op: Parameter, memory: TagMemory, password: string | null): TagAnswer {
  const word = { mask: 0, action: 0 };
  for (const payload of inners(op, 'C1G2LockPayload')) {
    const shift = 2 * (4 - numberIn(payload, 'dataField'));
    word.mask |= 0b11 << shift;
    word.action |= (actions[numberIn(payload, 'privilege')] ?? 0) << shift;
  }
  return memory.lock(word.mask, word.action, password);
}

type Said = { readonly ok: true; readonly data: string } | { readonly ok: false; readonly error: CommandError };

function resultOf(op: Parameter, { name, result }: Operation, said: Said, version: number): Uint8Array {
  const head = Buffer.alloc(3);
  head.writeUInt8(said.ok ? 0 : codeOf(name, said.error, version), 0);
  head.writeUInt16BE(numberIn(op, 'opSpecId'), 1);
  const data = said.ok ? Buffer.from(said.data, 'hex') : Buffer.alloc(0);
  const words = Buffer.alloc(2);
  words.writeUInt16BE(name === 'writeMemory' ? (said.ok ? listIn(op, 'data').length : 0) : data.length / 2);
  const hasWords = name === 'readMemory' || name === 'writeMemory';
  return writeTlv(result, Buffer.concat([head, ...(hasWords ? [words, data] : [])]));
}

function codeOf(name: Operation['name'], error: CommandError, version: number): number {
  const [last, other] = oldest[name];
  const code = opResults[name]?.indexOf(error) ?? -1;
  return code < 0 || (version < 2 && code > last) ? other : code;
}

function hexOf(words: readonly number[]): string {
  return words.map((word) => word.toString(16).toUpperCase().padStart(4, '0')).join('');
}
