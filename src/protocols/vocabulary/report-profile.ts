import { type Static, Type } from '../../kit/index.ts';
import { Match } from './framing-profile.ts';
import { Hex, Name, oneOf, strict } from './vocabulary.ts';

const Range = Type.Object(
  { from: Type.Integer(), to: Type.Integer(), first: Type.Number(), step: Type.Number() },
  strict,
);

/**
 * One value in a payload. An integer is taken as `((raw >> shift) & mask) * multiply + add - minus`, then looked up in
 * `oneHot`, `zeroIs`, `ranges` or `names`. A field whose name an earlier one has is written over it, or `addTo` it.
 */
export const Field = Type.Object(
  {
    name: Name,
    type: oneOf(
      'u8',
      'i8',
      'u16be',
      'u16le',
      'i16be',
      'u24be',
      'u32be',
      'u32le',
      'hex',
      'text',
      'asciiHex',
      'skip',
      'pcEpc',
      'pcEpcCrc',
    ),
    /** Size of hex, text, asciiHex and skip; without it and its kin they take the rest. */
    bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
    bytesFrom: Type.Optional(Name),
    bitsFrom: Type.Optional(Name),
    /** pcEpc and pcEpcCrc: the length bits of the PC say where the EPC ends. */
    sizeFromPc: Type.Optional(Type.Boolean()),
    /** pcEpcCrc: words of extended protocol control stand before the EPC when the PC says so. */
    xpc: Type.Optional(Type.Boolean()),
    /** Does not move on: the next field begins at the same byte. */
    peek: Type.Optional(Type.Boolean()),
    shift: Type.Optional(Type.Integer({ minimum: 0, maximum: 31 })),
    mask: Type.Optional(Type.Integer({ minimum: 1, maximum: 0xffff_ffff })),
    multiply: Type.Optional(Type.Number()),
    add: Type.Optional(Type.Number()),
    minus: Type.Optional(Name),
    addTo: Type.Optional(Type.Boolean()),
    /** 1, 2, 4, 8 … become 1, 2, 3, 4 …; anything else is no value. */
    oneHot: Type.Optional(Type.Boolean()),
    zeroIs: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_536 })),
    /** An index within `from` to `to` becomes first + (index - from) * step; outside of all there is no value. */
    ranges: Type.Optional(Type.Array(Range, { minItems: 1, maxItems: 16 })),
    /** Code as hex digits → text. */
    names: Type.Optional(Type.Record(Type.String({ pattern: '^[0-9A-F]{2,8}$' }), Type.String({ maxLength: 80 }))),
    /** There only when any of these bits of an earlier field are set, or when that field is one of these. */
    when: Type.Optional(
      Type.Union([
        Type.Object({ field: Name, bits: Type.Integer({ minimum: 1, maximum: 0xffff_ffff }) }, strict),
        Type.Object({ field: Name, is: Type.Array(Type.Integer(), { minItems: 1, maxItems: 32 }) }, strict),
      ]),
    ),
    /**
     * There only when these bytes, its mark, stand before it; they are taken with it. From the first such field on, what
     * does not fit ends the list and is no error. The simulator sends it where it has a value.
     */
    lead: Type.Optional(Hex),
    /** How many bytes the list goes on behind this field; what the fields leave of them is of no interest. */
    encloses: Type.Optional(Type.Boolean()),
    /** There only when bytes are left, more than `butLast`. */
    optional: Type.Optional(Type.Boolean()),
    /** hex, text and asciiHex: least significant first on the line. */
    reverse: Type.Optional(Type.Boolean()),
    /** hex and asciiHex: no value unless it begins with one of these. */
    only: Type.Optional(Type.Array(Hex, { minItems: 1, maxItems: 16 })),
    /** hex and skip: the rest but for so many bytes, or as many as an earlier field says. */
    butLast: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 64 }), Name])),
    /** Bytes of these other fields together; the simulator writes it. */
    measures: Type.Optional(Type.Array(Name, { minItems: 1, maxItems: 4 })),
    /** The bytes that the simulator sends where it has no value. */
    fill: Type.Optional(Hex),
  },
  strict,
);

/** A frame that reports tags: `fields` once, then `each` for every tag, `count` times or to the end. */
export const Report = Type.Object(
  {
    match: Match,
    fields: Type.Array(Field, { maxItems: 40 }),
    each: Type.Optional(
      Type.Object({ count: Type.Optional(Name), fields: Type.Array(Field, { minItems: 1, maxItems: 40 }) }, strict),
    ),
    /** It names each tag once per round or once at all, so that it stands for the whole round. */
    round: Type.Optional(Type.Boolean()),
    /** What is read is a card's or fob's UID, not an EPC. */
    idType: Type.Optional(oneOf('epc', 'uid')),
    /** Sizes that an id of this kind can have; one of another size is damage. */
    idBytes: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 62 }), { minItems: 1, maxItems: 8 })),
    /** Bytes after the last field are of no interest; without it they make the report bad. */
    trailing: Type.Optional(Type.Boolean()),
    /** Body before the payload as the simulator sends it; without it that of `match`. */
    head: Type.Optional(Hex),
    /** Body after the payload as the simulator sends it. */
    tail: Type.Optional(Hex),
  },
  strict,
);

export type Field = Static<typeof Field>;
export type Report = Static<typeof Report>;
