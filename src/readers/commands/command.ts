import { type Static, Type } from '../../kit/index.ts';
import { type MemoryBank, memoryBanks } from '../../protocols/index.ts';

const strict = { additionalProperties: false };

/** What a lock does to a part of a tag's memory (Gen2v2, 6.3.2.12.3.5). */
export const lockActions = ['unlock', 'lock', 'permanentUnlock', 'permanentLock'] as const;

const WholeWords = Type.String({
  pattern: '^([0-9A-Fa-f]{4}){1,128}$',
  description: 'hex of whole 16-bit words, at most 128',
});
const EpcHex = Type.String({ pattern: '^([0-9A-Fa-f]{4}){1,31}$', description: 'an EPC as hex of 1 to 31 words' });
const Password = Type.String({ pattern: '^[0-9A-Fa-f]{8}$', description: 'a password of 32 bits as 8 hex digits' });
const Antenna = Type.Integer({ minimum: 1, maximum: 256, description: 'antenna port from 1' });
const Bank = Type.Unsafe<MemoryBank>(
  Type.Union(
    memoryBanks.map((bank) => Type.Literal(bank)),
    { description: `one of ${memoryBanks.join(', ')}` },
  ),
);
const LockAction = Type.Unsafe<(typeof lockActions)[number]>(
  Type.Union(
    lockActions.map((action) => Type.Literal(action)),
    { description: `one of ${lockActions.join(', ')}` },
  ),
);

/** What a moisture code means for one make of inlay. */
const MoisturePoints = Type.Array(
  Type.Object(
    { code: Type.Integer({ minimum: 0, maximum: 511 }), percent: Type.Number({ minimum: 0, maximum: 100 }) },
    strict,
  ),
  { minItems: 2, maxItems: 32, description: 'relative humidity at 2 to 32 moisture codes' },
);

/** Which tag is meant: by its EPC or by its TID (the first words of bank 2). Exactly one key. */
export const TagSelect = Type.Object(
  { epc: Type.Optional(EpcHex), tid: Type.Optional(WholeWords) },
  { ...strict, minProperties: 1, maxProperties: 1, description: 'exactly one of epc, tid, as hex' },
);
export type TagSelect = Static<typeof TagSelect>;

/** Part of a tag's memory that other tags must not answer with: inventory hears only tags that have it (Gen2 Select). */
export const TagFilter = Type.Object(
  {
    bank: Bank,
    bit: Type.Integer({ minimum: 0, maximum: 0xffff, description: 'first bit in the bank; 32 is where an EPC begins' }),
    mask: Type.String({ pattern: '^([0-9A-Fa-f]{2}){1,31}$', description: 'hex of whole bytes' }),
  },
  strict,
);
export type TagFilter = Static<typeof TagFilter>;

/** What of a reader can be set while it runs; absent keys stay as they are. dBm; Gen2 session and Q. */
export const ReaderSettings = Type.Object(
  {
    region: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    power: Type.Optional(Type.Number({ minimum: -10, maximum: 40, description: 'transmit power in dBm' })),
    antennas: Type.Optional(Type.Array(Antenna, { minItems: 1, maxItems: 256, uniqueItems: true })),
    session: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
    q: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
    filter: Type.Optional(TagFilter),
  },
  { ...strict, minProperties: 1, description: 'at least one of region, power, antennas, session, q, filter' },
);
export type ReaderSettings = Static<typeof ReaderSettings>;

/** On which tag, by which antenna (absent: any that is configured), with which access password. */
const onTag = { tag: TagSelect, antenna: Type.Optional(Antenna), password: Type.Optional(Password) };

/**
 * Everything a reader can be asked for, a row each: the scope that its caller needs, whether a tag is touched, and the
 * members beside `command`. Hex may come in either case.
 */
export const readerCommands = {
  identify: { scope: 'readers:admin', members: Type.Object({}, strict) },
  start: { scope: 'readers:admin', members: Type.Object({}, strict) },
  stop: { scope: 'readers:admin', members: Type.Object({}, strict) },
  configure: { scope: 'readers:admin', members: Type.Object({ settings: ReaderSettings }, strict) },
  readMemory: {
    scope: 'tags:read',
    members: Type.Object(
      {
        ...onTag,
        bank: Bank,
        word: Type.Integer({ minimum: 0, maximum: 0xffff, description: 'first word' }),
        words: Type.Integer({ minimum: 1, maximum: 128, description: 'number of 16-bit words' }),
      },
      strict,
    ),
  },
  readSensor: {
    scope: 'tags:read',
    members: Type.Object(
      {
        ...onTag,
        samples: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 20, description: 'reads to average, 5 if not given' }),
        ),
        humidity: Type.Optional(MoisturePoints),
      },
      strict,
    ),
  },
  writeEpc: { scope: 'tags:write', members: Type.Object({ ...onTag, epc: EpcHex }, strict) },
  writeMemory: {
    scope: 'tags:write',
    members: Type.Object(
      { ...onTag, bank: Bank, word: Type.Integer({ minimum: 0, maximum: 0xffff }), data: WholeWords },
      strict,
    ),
  },
  setPasswords: {
    scope: 'tags:lock',
    members: Type.Object(
      { ...onTag, access: Type.Optional(Password), kill: Type.Optional(Password) },
      { ...strict, description: 'access, kill or both' },
    ),
  },
  lock: {
    scope: 'tags:lock',
    members: Type.Object(
      {
        ...onTag,
        lock: Type.Object(
          {
            killPassword: Type.Optional(LockAction),
            accessPassword: Type.Optional(LockAction),
            epc: Type.Optional(LockAction),
            tid: Type.Optional(LockAction),
            user: Type.Optional(LockAction),
          },
          { ...strict, minProperties: 1, description: 'at least one of killPassword, accessPassword, epc, tid, user' },
        ),
      },
      strict,
    ),
  },
  kill: {
    scope: 'tags:kill',
    members: Type.Object({ tag: TagSelect, antenna: Type.Optional(Antenna), killPassword: Password }, strict),
  },
} as const;

export type CommandName = keyof typeof readerCommands;
export type ReaderCommand = {
  [Name in CommandName]: { readonly command: Name } & Static<(typeof readerCommands)[Name]['members']>;
}[CommandName];
