import { type Static, Type } from '../../kit/index.ts';
import { Name, NeutralError, oneOf, strict } from './vocabulary.ts';

const Path = Type.String({ pattern: '^[^./][^.]*(\\.[^.]+)*$', maxLength: 200, description: 'a dotted path' });
const Paths = Type.Array(Path, { minItems: 1, maxItems: 5 });
const Json = Type.Record(Type.String({ maxLength: 80 }), Type.Unknown());
const Code = Type.String({ minLength: 1, maxLength: 40 });

/** One question to a reader: a message for one of its command topics, or a request to its REST interface. */
const Request = Type.Object(
  {
    body: Type.Optional(Json),
    /** Which of the reader's two command topics takes it; `control` where nothing is said. */
    plane: Type.Optional(oneOf('control', 'management')),
    method: Type.Optional(oneOf('GET', 'POST', 'PUT')),
    path: Type.Optional(Type.String({ pattern: '^/[A-Za-z0-9/_{}.-]*$', maxLength: 200 })),
    /** Answers that say that it is so already: error codes of the message's rule, or HTTP statuses. */
    already: Type.Optional(Type.Array(Code, { maxItems: 10 })),
  },
  strict,
);

/** How a reader says what it is. `fields` are ours, each at the first place in the answer that has it. */
const Identify = Type.Object({ ask: Request, fields: Type.Record(Name, Paths) }, strict);

/** How the reader's way of reading is seen and set. Ports stand in a list, as numbers or as objects with a port each. */
const Mode = Type.Object(
  {
    get: Request,
    /** Where the answer holds the mode; the whole answer without it. */
    at: Type.Optional(Path),
    set: Request,
    /** Where the request holds it; the whole body without it. */
    put: Type.Optional(Path),
    /** What of the present mode is sent again: everything where nothing is said. */
    keep: Type.Optional(Type.Array(Path, { maxItems: 10 })),
    /** What must be in every mode that is sent. */
    base: Type.Optional(Json),
    ports: Type.Optional(Type.Object({ list: Path, port: Type.Optional(Path) }, strict)),
    power: Type.Optional(
      Type.Object(
        {
          /** In the mode, or in each object of the ports. */
          path: Path,
          unitsPerDbm: Type.Integer({ minimum: 1, maximum: 1000 }),
          minDbm: Type.Number(),
          maxDbm: Type.Number(),
          stepDbm: Type.Number({ exclusiveMinimum: 0 }),
          source: Type.String({ minLength: 1, maxLength: 200 }),
          /** A list in the order of the ports may stand for the one number. */
          perPort: Type.Optional(Type.Boolean()),
          /** Where the reader says what its region lets it be. */
          limits: Type.Optional(
            Type.Object({ ask: Request, least: Path, most: Path, unitsPerDbm: Type.Integer({ minimum: 1 }) }, strict),
          ),
        },
        strict,
      ),
    ),
    session: Type.Optional(
      Type.Object(
        {
          path: Path,
          values: Type.Array(Type.Union([Type.String({ maxLength: 20 }), Type.Integer()]), {
            minItems: 4,
            maxItems: 4,
          }),
          /** What stands beside it where the mode had nothing there. */
          beside: Type.Optional(Json),
          without: Type.Optional(Paths),
        },
        strict,
      ),
    ),
    /** `{mask}` is the filter's mask as lower-case hex; only filters from this bit of the EPC bank can be set. */
    filter: Type.Optional(
      Type.Object(
        { path: Path, value: Json, bit: Type.Integer({ minimum: 32, maximum: 32 }), without: Type.Optional(Paths) },
        strict,
      ),
    ),
  },
  strict,
);

/** Whether the reader is taking inventory. */
const Active = Type.Object({ ask: Request, at: Paths, is: Type.Array(Code, { minItems: 1, maxItems: 5 }) }, strict);

/** One operation on a tag, as an element of the access mode. Placeholders: `{bank} {word} {words} {data} {password}`. */
const Access = Type.Object(
  {
    /** The mode that carries operations out on the tag whose EPC is `{epc}`. */
    mode: Json,
    /** Where in the mode the operations stand. */
    operations: Path,
    read: Json,
    write: Json,
    password: Json,
    /** Where a report of a tag holds its EPC and the results, one per operation. */
    epc: Path,
    results: Path,
    success: Code,
    /** What a sentence in a result means, by a part of it; `tag` where none fits. */
    errors: Type.Array(Type.Object({ has: Code, error: NeutralError }, strict), { maxItems: 20 }),
    waitMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
  },
  strict,
);

/** What a reader can be asked for, over its command topics or its REST interface. */
export const MessageCommands = Type.Object(
  {
    over: oneOf('mqtt', 'rest'),
    /** The key of a message that an answer repeats. */
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    answerMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
    identify: Type.Array(Identify, { minItems: 1, maxItems: 5 }),
    start: Request,
    stop: Request,
    active: Active,
    mode: Type.Optional(Mode),
    access: Type.Optional(Access),
  },
  strict,
);
export type MessageCommands = Static<typeof MessageCommands>;
export type CommandRequest = Static<typeof Request>;
export type ModeSettings = Static<typeof Mode>;
export type AccessMode = Static<typeof Access>;
