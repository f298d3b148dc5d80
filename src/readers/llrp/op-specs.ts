import { bankBits, bitsOf, type MemoryBank, writeParameter } from '../../protocols/index.ts';
import type { LockWord, Target } from '../commands/access.ts';
import type { TagSelect } from '../commands/command.ts';
import { OUR_ACCESSSPEC, OUR_ROSPEC, type Request, request } from './requests.ts';

/** One operation on a tag; hex of whole words, `password` of the kind that the operation needs. */
export type Operation =
  | { readonly kind: 'read'; readonly bank: MemoryBank; readonly word: number; readonly words: number }
  | { readonly kind: 'write'; readonly bank: MemoryBank; readonly word: number; readonly data: string }
  | { readonly kind: 'lock'; readonly lock: LockWord }
  | { readonly kind: 'kill'; readonly killPassword: string };

/** An operation under the id by which its result is known. */
export type OpSpec = { readonly opSpecId: number; readonly operation: Operation };

const GEN2 = 1;
/** Results come with the report of the tag that they are of, at once. */
const WITH_RO_REPORT = 0;
const PC_BIT = 16;
const EPC_BIT = 32;
/** The bit that says that tags which have the data are meant, not those which have it not (LLRP 1.0.1, 15.2.1). */
const MATCH = 0x20;

/**
 * ADD_ACCESSSPEC: `ops` on the tag that is meant, while our ROSpec takes inventory, until they were carried out `times`
 * times. The reader deletes it then by itself.
 */
export function addAccessSpec({ tag, antenna, password }: Target, ops: readonly OpSpec[], times: number): Request {
  const secret = Number.parseInt(password ?? '0', 16);
  const command = [
    writeParameter('C1G2TagSpec', {}, targetTags(tag)),
    ...ops.map(({ opSpecId, operation }) => opSpec(opSpecId, secret, operation)),
  ];
  const values = { accessSpecId: OUR_ACCESSSPEC, antennaId: antenna ?? 0, protocol: GEN2, roSpecId: OUR_ROSPEC };
  return request('ADD_ACCESSSPEC', {}, [
    writeParameter('AccessSpec', values, [
      writeParameter('AccessSpecStopTrigger', { trigger: 1, count: times }),
      writeParameter('AccessCommand', {}, command),
      writeParameter('AccessReportSpec', { trigger: WITH_RO_REPORT }),
    ]),
  ]);
}

/** An EPC is meant with its length, so that no longer one that begins alike is taken for it. */
function targetTags({ epc = '', tid }: TagSelect): Uint8Array[] {
  if (tid !== undefined) return [targetTag('tid', 0, bitsOf(tid))];
  const length = (epc.length / 4).toString(2).padStart(5, '0');
  return [targetTag('epc', EPC_BIT, bitsOf(epc)), targetTag('epc', PC_BIT, length)];
}

function targetTag(bank: MemoryBank, pointer: number, data: string): Uint8Array {
  return writeParameter('C1G2TargetTag', {
    bank: bankBits(bank) | MATCH,
    pointer,
    mask: '1'.repeat(data.length),
    data,
  });
}

function opSpec(opSpecId: number, password: number, operation: Operation): Uint8Array {
  switch (operation.kind) {
    case 'read': {
      const { bank, word, words } = operation;
      return writeParameter('C1G2Read', { opSpecId, password, bank: bankBits(bank), word, words });
    }
    case 'write': {
      const { bank, word, data } = operation;
      return writeParameter('C1G2Write', { opSpecId, password, bank: bankBits(bank), word, data: wordsOf(data) });
    }
    case 'lock':
      return writeParameter('C1G2Lock', { opSpecId, password }, lockPayloads(operation.lock));
    case 'kill':
      return writeParameter('C1G2Kill', { opSpecId, password: Number.parseInt(operation.killPassword, 16) });
  }
}

function wordsOf(hex: string): number[] {
  return Array.from({ length: hex.length / 4 }, (_, i) => Number.parseInt(hex.slice(4 * i, 4 * i + 4), 16));
}

/** LLRP's privilege for the two action bits of Gen2: unlock, permanent unlock, lock, permanent lock. */
const privileges = [3, 2, 0, 1] as const;
const PARTS = 5;

/** One payload for each part of the tag that the lock word names, in the order of both standards. */
function lockPayloads({ mask, action }: LockWord): Uint8Array[] {
  return Array.from({ length: PARTS }, (_, dataField) => {
    const shift = 2 * (PARTS - 1 - dataField);
    const named = ((mask >> shift) & 0b11) === 0b11;
    const privilege = privileges[(action >> shift) & 0b11] ?? 0;
    return named ? [writeParameter('C1G2LockPayload', { privilege, dataField })] : [];
  }).flat();
}
