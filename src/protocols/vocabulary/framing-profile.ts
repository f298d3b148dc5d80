import { type Static, Type } from '../../kit/index.ts';
import { Hex, LARGEST_FRAME, Name, oneOf, strict } from './vocabulary.ts';

export const Offset = Type.Integer({
  minimum: -256,
  maximum: LARGEST_FRAME,
  description: 'byte offset; negative from the end',
});
const Place = Type.Integer({ minimum: 0, maximum: 255 });

/**
 * What a frame must hold, each part if given: `is` at `at` (0); `also` each one of `in` and none of `not` at its place, under `mask`; and a
 * whole size that is one of `sizes` and none of `notSizes`.
 */
export const Match = Type.Object(
  {
    at: Type.Optional(Place),
    is: Type.Optional(Hex),
    also: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: Place,
            in: Type.Optional(Type.Array(Hex, { minItems: 1, maxItems: 64 })),
            not: Type.Optional(Type.Array(Hex, { minItems: 1, maxItems: 64 })),
            mask: Type.Optional(Hex),
          },
          strict,
        ),
        { maxItems: 8 },
      ),
    ),
    sizes: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: LARGEST_FRAME }), { maxItems: 20 })),
    notSizes: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: LARGEST_FRAME }), { maxItems: 20 })),
  },
  strict,
);

/** How a check value is made: over bytes `from` to before `to`, standing at `at`. */
export const Check = Type.Object(
  {
    algorithm: oneOf('sum8', 'neg8', 'xor8', 'crc8', 'crc16'),
    poly: Type.Optional(Type.Integer({ minimum: 1, maximum: 0xffff })),
    init: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff })),
    reflected: Type.Optional(Type.Boolean()),
    /** false: the message is shifted in at the low end and no zero bits follow it. */
    augmented: Type.Optional(Type.Boolean()),
    xorOut: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff })),
    /** The bytes and the value are written as pairs of hex digits; one-byte algorithms only. */
    asciiHex: Type.Optional(Type.Boolean()),
    from: Offset,
    to: Offset,
    at: Offset,
    endian: Type.Optional(oneOf('big', 'little')),
  },
  strict,
);

const Length = Type.Object(
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
);

/** One way in which frames are cut. `length.add` is what the length field leaves out, per direction. */
export const Framing = Type.Object(
  {
    name: Name,
    start: Type.Optional(Hex),
    /** Start of a command where it differs from that of an answer; of the same size. */
    startToReader: Type.Optional(Hex),
    end: Type.Optional(Hex),
    /** None: every frame has the size `minimum`, which is also the maximum. */
    length: Type.Optional(Length),
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
    /** A frame of the line itself, such as an acknowledgement: no command is ever put into it. */
    control: Type.Optional(Type.Boolean()),
  },
  strict,
);

export type Framing = Static<typeof Framing>;
export type Check = Static<typeof Check>;
export type Match = Static<typeof Match>;
