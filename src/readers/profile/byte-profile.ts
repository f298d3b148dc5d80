import { type Static, Type } from '../../kit/index.ts';
import { Expected, Hex, identity, LARGEST_FRAME, Name, NeutralError, oneOf, strict } from './vocabulary.ts';

const Offset = Type.Integer({
  minimum: -256,
  maximum: LARGEST_FRAME,
  description: 'byte offset; negative from the end',
});
const Match = Type.Object({ at: Type.Integer({ minimum: 0, maximum: 255 }), is: Hex }, strict);

/** How a check value is made: over bytes `from` to before `to`, standing at `at`. */
const Check = Type.Object(
  {
    algorithm: oneOf('sum8', 'neg8', 'xor8', 'crc16'),
    poly: Type.Optional(Type.Integer({ minimum: 1, maximum: 0xffff })),
    init: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff })),
    reflected: Type.Optional(Type.Boolean()),
    xorOut: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff })),
    from: Offset,
    to: Offset,
    at: Offset,
    endian: Type.Optional(oneOf('big', 'little')),
  },
  strict,
);

/** One way in which frames are cut. `length.add` is what the length field leaves out, per direction. */
const Framing = Type.Object(
  {
    name: Name,
    start: Type.Optional(Hex),
    end: Type.Optional(Hex),
    length: Type.Object(
      {
        at: Type.Integer({ minimum: 0, maximum: 64 }),
        size: Type.Integer({ minimum: 1, maximum: 2 }),
        endian: Type.Optional(oneOf('big', 'little')),
        add: Type.Object(
          {
            fromReader: Type.Integer({ minimum: 0, maximum: 64 }),
            toReader: Type.Integer({ minimum: 0, maximum: 64 }),
          },
          strict,
        ),
      },
      strict,
    ),
    minimum: Type.Integer({ minimum: 1, maximum: LARGEST_FRAME }),
    maximum: Type.Integer({ minimum: 1, maximum: LARGEST_FRAME, description: 'largest frame, at most 64 KiB' }),
    guards: Type.Optional(
      Type.Array(
        Type.Object({ at: Type.Integer({ minimum: 0, maximum: 64 }), in: Type.Array(Hex, { minItems: 1 }) }, strict),
      ),
    ),
    checks: Type.Array(Check, { maxItems: 4 }),
    /** The part that answers and reports lay out. */
    payload: Type.Object({ from: Offset, to: Offset }, strict),
  },
  strict,
);

const Field = Type.Object(
  {
    name: Name,
    type: oneOf('u8', 'i8', 'u16be', 'u16le', 'i16be', 'u32be', 'hex', 'text', 'skip', 'pcEpc', 'pcEpcCrc'),
    /** Size of hex, text and skip; without it they take the rest. */
    bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096 })),
    multiply: Type.Optional(Type.Number()),
    add: Type.Optional(Type.Number()),
  },
  strict,
);

const Command = Type.Object(
  {
    /** Body without start, length, check and end: hex bytes and typed fields such as `{power:u16be*100}`. */
    send: Type.String({ minLength: 2, maxLength: 1000 }),
    /** None: the command is followed by reports only. */
    answer: Type.Optional(
      Type.Object(
        {
          match: Match,
          status: Type.Optional(Type.Object({ at: Type.Integer({ minimum: 0, maximum: 255 }), ok: Hex }, strict)),
          fields: Type.Optional(Type.Array(Field, { maxItems: 20 })),
          /** Body of a typical answer; the simulator sends it. */
          example: Hex,
        },
        strict,
      ),
    ),
    timeoutMs: Type.Integer({ minimum: 10, maximum: 60_000 }),
    retries: Type.Integer({ minimum: 0, maximum: 5 }),
  },
  strict,
);

/** The operations that the session knows to use. */
export const operations = [
  'identify',
  'getRegion',
  'setRegion',
  'getPower',
  'setPower',
  'setChannel',
  'inventoryOnce',
  'startInventory',
  'stopInventory',
] as const;
export type Operation = (typeof operations)[number];

const commands = Object.fromEntries(operations.map((name) => [name, Type.Optional(Command)]));

/** A reader that speaks frames of bytes over a serial line or TCP. */
export const ByteProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('bytes'),
    port: Type.Object(
      {
        baud: Type.Array(Type.Integer({ minimum: 300, maximum: 4_000_000 }), { minItems: 1, maxItems: 10 }),
        format: oneOf('8N1', '8E1', '8N2'),
        /** A started frame that gets no further byte for so long is broken. */
        idleMs: Type.Integer({ minimum: 5, maximum: 5_000 }),
        /** Quiet time between opening and the first command. */
        openMs: Type.Integer({ minimum: 0, maximum: 10_000 }),
      },
      strict,
    ),
    framing: Type.Array(Framing, { minItems: 1, maxItems: 4 }),
    opcode: Type.Object(
      {
        at: Type.Integer({ minimum: 0, maximum: 64 }),
        names: Type.Record(Type.String({ pattern: '^[0-9A-F]{2}$' }), Name, strict),
      },
      strict,
    ),
    commands: Type.Unsafe<Partial<Record<Operation, Static<typeof Command>>>>(Type.Object(commands, strict)),
    reports: Type.Array(
      Type.Object({ match: Match, fields: Type.Array(Field, { minItems: 1, maxItems: 40 }) }, strict),
      { minItems: 1, maxItems: 20 },
    ),
    /** Frames that are neither a report nor an error. */
    frames: Type.Array(Type.Object({ match: Match, kind: oneOf('answer', 'event') }, strict), { maxItems: 20 }),
    errors: Type.Object(
      {
        match: Match,
        codeAt: Type.Integer({ minimum: 0, maximum: 255 }),
        /** `?` stands for any digit. `count`: normal while taking inventory, counted but never logged. */
        codes: Type.Record(
          Type.String({ pattern: '^[0-9A-F?]{2}$' }),
          Type.Object(
            {
              error: NeutralError,
              retryable: Type.Optional(Type.Boolean()),
              count: Type.Optional(Type.Boolean()),
              text: Type.Optional(Type.String({ maxLength: 120 })),
            },
            strict,
          ),
          strict,
        ),
      },
      strict,
    ),
    session: Type.Object(
      {
        style: oneOf('stream', 'countLimited'),
        /** Rounds asked for by one startInventory of a count-limited reader. */
        rounds: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
        /** No frame for so long: inventory is started again. */
        silenceMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
        /** So many silences on end: the whole set-up is played again, then the port is reopened. */
        missed: Type.Integer({ minimum: 1, maximum: 100 }),
        retryMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
      },
      strict,
    ),
    regions: Type.Record(
      Type.String({ pattern: '^[A-Z0-9-]{2,16}$' }),
      Type.Object(
        {
          code: Type.Integer({ minimum: 0, maximum: 255 }),
          firstMhz: Type.Optional(Type.Number()),
          stepMhz: Type.Optional(Type.Number()),
          maxDbm: Type.Optional(Type.Number()),
        },
        strict,
      ),
      strict,
    ),
    power: Type.Object(
      {
        minDbm: Type.Number(),
        maxDbm: Type.Number(),
        stepDbm: Type.Number({ exclusiveMinimum: 0 }),
        source: Type.String(),
      },
      strict,
    ),
    captures: Type.Array(
      Type.Object({ hex: Hex, meaning: Type.String({ maxLength: 200 }), expect: Expected }, strict),
      { maxItems: 200 },
    ),
  },
  strict,
);
export type ByteProfile = Static<typeof ByteProfile>;
export type Framing = Static<typeof Framing>;
export type Check = Static<typeof Check>;
export type Field = Static<typeof Field>;
export type Command = Static<typeof Command>;
export type Match = Static<typeof Match>;
