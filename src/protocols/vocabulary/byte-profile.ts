import { type Static, Type } from '../../kit/index.ts';
import { type Form, forms } from '../bytes/template-values.ts';
import { Access } from './access-profile.ts';
import { Framing, Match, Offset } from './framing-profile.ts';
import { type Operation, operations } from './operations.ts';
import { Field, Report } from './report-profile.ts';
import { Step } from './step-profile.ts';
import { Expected, Hex, identity, Name, NeutralError, oneOf, strict } from './vocabulary.ts';

const Send = Type.String({ minLength: 2, maxLength: 1000 });

const Command = Type.Object(
  {
    /** Body without start, length, check and end: hex bytes and typed fields such as `{power:u16be*100}`. */
    send: Send,
    /** The same command said otherwise: with the mask or EPC of the tag that is meant, a password, or a session. */
    by: Type.Optional(
      Type.Unsafe<Partial<Record<Form, string>>>(
        Type.Object(Object.fromEntries(forms.map((form) => [form, Type.Optional(Send)])), strict),
      ),
    ),
    /** None: the command is followed by reports only. */
    answer: Type.Optional(
      Type.Object(
        {
          match: Match,
          /** Where the answer says whether it was done; negative from the end of the frame. */
          status: Type.Optional(Type.Object({ at: Offset, ok: Hex }, strict)),
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

const commands = Object.fromEntries(operations.map((name) => [name, Type.Optional(Command)]));

/** `randomUid`: a UID of four bytes that begins with 08 is made up anew each time (phones) and identifies nobody. */
const Quirk = oneOf('randomUid');

const SessionPart = Type.Object(
  {
    /** `rounds`: the gateway asks again after each round. `listen`: the reader only talks. */
    style: oneOf('stream', 'countLimited', 'rounds', 'listen'),
    /** Rounds asked for by one startInventory of a count-limited reader. */
    rounds: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    /** One round of style `rounds`, played for each configured antenna in turn where a step names `antenna`. */
    round: Type.Optional(Type.Array(Step, { minItems: 1, maxItems: 6 })),
    /** Quiet time between two rounds. */
    pauseMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
    /** Commands of the set-up after region and power, in this order. */
    setUp: Type.Optional(Type.Array(oneOf(...operations), { maxItems: 12 })),
    /** Commands that make inventory hear only tags with a mask, in this order; without it startInventory says the mask. */
    filter: Type.Optional(Type.Array(oneOf(...operations), { maxItems: 4 })),
    /** Frames that only say that the reader is alive. */
    heartbeat: Type.Optional(Type.Array(Match, { maxItems: 6 })),
    /** Body of what the simulator says in an empty field. */
    empty: Type.Optional(Hex),
    /** Frames that, while taking inventory, mean that the reader began anew: the set-up is played again. */
    rebooted: Type.Optional(Type.Array(Match, { maxItems: 6 })),
    /** Body of what the simulator says when it has begun anew. */
    boot: Type.Optional(Hex),
    /** A frame that the gateway must acknowledge, and the bytes to do it with. */
    acknowledge: Type.Optional(Type.Object({ match: Match, send: Hex }, strict)),
    /** No frame for so long: inventory is started again. */
    silenceMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
    /** So many silences on end: the whole set-up is played again, then the port is reopened. */
    missed: Type.Integer({ minimum: 1, maximum: 100 }),
    retryMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
  },
  strict,
);

/** A reader that speaks frames of bytes over a serial line or TCP. */
export const ByteProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('bytes'),
    port: Type.Object(
      {
        baud: Type.Array(Type.Integer({ minimum: 300, maximum: 4_000_000 }), { minItems: 1, maxItems: 10 }),
        format: oneOf('8N1', '8E1', '8N2'),
        /** A silence of so long inside a frame: where another frame begins behind it, the started one is given up. */
        idleMs: Type.Integer({ minimum: 5, maximum: 5_000 }),
        /** Quiet time between opening and the first command. */
        openMs: Type.Integer({ minimum: 0, maximum: 10_000 }),
        /** Bytes outside any frame that wake the device, sent after opening. */
        wake: Type.Optional(Hex),
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
    reports: Type.Array(Report, { minItems: 1, maxItems: 20 }),
    /** Frames that are neither a report nor an error. */
    frames: Type.Array(
      Type.Object({ match: Match, kind: oneOf('answer', 'event'), name: Type.Optional(Name) }, strict),
      { maxItems: 20 },
    ),
    errors: Type.Object(
      {
        match: Match,
        codeAt: Type.Integer({ minimum: 0, maximum: 255 }),
        codeBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
        /** Codes that the next byte explains: `FC` then is `FC04`, where that has a row. */
        explained: Type.Optional(Type.Array(Hex, { maxItems: 4 })),
        /** The error is the answer to the command whose opcode the frame carries. */
        byOpcode: Type.Optional(Type.Boolean()),
        /** Body of an error as the simulator sends it, `{op}` and `{code}` filled in; without it `match.is` and the code. */
        body: Type.Optional(Type.String({ pattern: '^([0-9A-F]{2}| |\\{op\\}|\\{code\\})+$', maxLength: 200 })),
        /** `?` stands for any digit. `count`: normal while taking inventory, counted but never logged. */
        codes: Type.Record(
          Type.String({ pattern: '^[0-9A-F?]{2,8}$' }),
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
    session: SessionPart,
    access: Type.Optional(Access),
    regions: Type.Record(
      Type.String({ pattern: '^[A-Z0-9-]{2,16}$' }),
      Type.Object(
        {
          code: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
          /** What the command says where a code alone is not enough: band, first frequency, step, channels. */
          bytes: Type.Optional(Hex),
          firstMhz: Type.Optional(Type.Number()),
          stepMhz: Type.Optional(Type.Number()),
          /** At the connector. */
          maxDbm: Type.Optional(Type.Number()),
          /** What the law lets the antenna radiate, and where that is written. */
          maxEirpDbm: Type.Optional(Type.Number()),
          source: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
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
    /** Named deviations that code knows of. */
    quirks: Type.Optional(Type.Array(Quirk, { maxItems: 10 })),
    /** Which reader this profile is for: a field of identify's answer and the values it may have. */
    fingerprint: Type.Optional(
      Type.Object({ field: Name, in: Type.Array(Type.String({ maxLength: 80 }), { minItems: 1 }) }, strict),
    ),
    captures: Type.Array(
      Type.Object({ hex: Hex, meaning: Type.String({ maxLength: 200 }), expect: Expected }, strict),
      { maxItems: 200 },
    ),
  },
  strict,
);
export type ByteProfile = Static<typeof ByteProfile>;
export type Command = Static<typeof Command>;
