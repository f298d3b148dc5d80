import { type Static, Type } from '../../kit/index.ts';
import { LineControl } from './line-access-profile.ts';
import { Expected, Hex, identity, Name, oneOf, strict } from './vocabulary.ts';

const Expression = Type.String({
  minLength: 1,
  maxLength: 300,
  description: 'an anchored regular expression of RE2: no references or look-around',
});

/**
 * A line that reports one tag. Named groups: epc, uid, tid, pc, antenna, antennaFromZero, rssi, count; or facility and card, the
 * decimal halves of a Wiegand number. Blanks in ids are left out.
 */
const Pattern = Type.Object(
  {
    expression: Expression,
    /** The id is a decimal number; it becomes hex of eight digits or more. */
    decimal: Type.Optional(Type.Boolean()),
    /** The id's bytes stand in the reverse order. */
    reverse: Type.Optional(Type.Boolean()),
    /** The reader writes each tag once when it comes, so that the line stands for a whole round. */
    round: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** A line that reports none; its named groups are shown as fields. `ignore`: it says nothing, and is not counted. */
const Other = Type.Object({ expression: Expression, kind: oneOf('answer', 'event', 'ignore'), name: Name }, strict);

const Text = Type.String({ minLength: 1, maxLength: 300 });

/** A reader that writes lines of text. */
export const LineProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('lines'),
    port: Type.Object(
      {
        baud: Type.Array(Type.Integer({ minimum: 300, maximum: 4_000_000 }), { minItems: 1, maxItems: 10 }),
        openMs: Type.Integer({ minimum: 0, maximum: 10_000 }),
      },
      strict,
    ),
    /** Bytes each of which ends a line, and the byte that takes the next one its meaning. */
    ends: Hex,
    escape: Type.Optional(Hex),
    maximum: Type.Integer({ minimum: 16, maximum: 16_384, description: 'longest line, at most 16,384 characters' }),
    /** `patterns`: each line by itself. `tslAscii2`: groups from CS to OK or ER. `alien`: patterns, and Alien's XML. */
    grammar: oneOf('patterns', 'tslAscii2', 'alien'),
    patterns: Type.Array(Pattern, { maxItems: 10 }),
    others: Type.Array(Other, { maxItems: 20 }),
    session: Type.Object(
      {
        /** Ends of the prompts of a reader that asks over TCP who is there: for the user's name, the password, and when it is ready. */
        login: Type.Optional(Type.Object({ user: Text, password: Text, ready: Text }, strict)),
        /** Where the reader dials in, it sends notifications, hangs up in between, and takes no commands. */
        notifies: Type.Optional(Type.Boolean()),
        /** A question that changes nothing, by whose answer such a reader is found. */
        identify: Type.Optional(Text),
        /** Lines sent once after opening, then `poll` every `pollMs`. A part in brackets is left out when a value that it names is not set. */
        setUp: Type.Array(Text, { maxItems: 12 }),
        poll: Type.Optional(Text),
        pollMs: Type.Integer({ minimum: 50, maximum: 600_000 }),
        lineEnd: Hex,
        /** A polled reader that says nothing for so long is opened anew. */
        silenceMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
      },
      strict,
    ),
    power: Type.Object(
      { minDbm: Type.Number(), maxDbm: Type.Number(), source: Type.String({ maxLength: 200 }) },
      strict,
    ),
    control: Type.Optional(LineControl),
    /** What the simulator writes for a tag, in an empty field, and to `identify`. */
    simulate: Type.Object({ report: Text, empty: Type.Optional(Text), identity: Type.Optional(Text) }, strict),
    captures: Type.Array(
      Type.Object({ hex: Hex, meaning: Type.String({ maxLength: 200 }), expect: Expected }, strict),
      { maxItems: 200 },
    ),
  },
  strict,
);
export type LineProfile = Static<typeof LineProfile>;
export type LinePattern = Static<typeof Pattern>;
