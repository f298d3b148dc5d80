import { type Static, Type } from '../../kit/index.ts';
import { MessageCommands } from './command-profile.ts';
import { ReadMap } from './read-map.ts';
import { Expected, identity, LARGEST_MESSAGE, Name, NeutralError, oneOf, strict } from './vocabulary.ts';

const Path = Type.String({ pattern: '^[^./][^.]*(\\.[^.]+)*$', maxLength: 200, description: 'a dotted path' });

/** True when the value at `path` is there (`has`) or is one of `in`. */
const When = Type.Object(
  { path: Path, in: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { minItems: 1 })) },
  strict,
);

const SignWord = oneOf('running', 'armed', 'stopped', 'gpi', 'none', 'on', 'off');

/** A number in an event that means reads were lost. `cumulative`: it only ever grows until the reader restarts. */
const Alarm = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 80, description: 'the key, wherever it stands in the event' }),
    warning: Type.String({ pattern: '^[A-Z][A-Z_]{2,39}$' }),
    cumulative: Type.Boolean(),
  },
  strict,
);

/**
 * What a message says of the reader's own condition. `at` is where, and `words` what its words mean; without `at` the
 * message itself means `is`. An antenna's port stands at `port`, or with `each` the value at `at` is an object of ports.
 */
const SignRule = Type.Object(
  {
    about: oneOf('inventory', 'trigger', 'antenna', 'heartbeat', 'complaint'),
    at: Type.Optional(Path),
    is: Type.Optional(SignWord),
    words: Type.Optional(Type.Record(Type.String({ maxLength: 60 }), SignWord)),
    port: Type.Optional(Path),
    each: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** What a member of a message is; the first rule that matches decides. */
const Rule = Type.Object(
  {
    when: Type.Optional(When),
    is: oneOf('read', 'event', 'answer', 'ignore'),
    /** Name of the event; `nameAt` takes it from the message. */
    name: Type.Optional(Name),
    nameAt: Type.Optional(Path),
    /** What of the message is told with the event; all of it where nothing is named. */
    detail: Type.Optional(Path),
    /** What the event says of the reader's connection. */
    online: Type.Optional(Type.Boolean()),
    signs: Type.Optional(Type.Array(SignRule, { minItems: 1, maxItems: 10 })),
    /** An answer is a success when the value at `path` is `is`. */
    ok: Type.Optional(
      Type.Object({ path: Path, is: Type.Union([Type.String({ maxLength: 80 }), Type.Integer()]) }, strict),
    ),
    /** What the code at `path` of a failed answer means; `internal` where it is not listed. */
    errors: Type.Optional(
      Type.Object({ path: Path, codes: Type.Record(Type.String({ maxLength: 40 }), NeutralError) }, strict),
    ),
  },
  strict,
);

/** A reader that publishes messages. */
export const MessageProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('messages'),
    /** The reader's own `map` in the configuration takes the place of `map` here. */
    mapInConfig: Type.Boolean(),
    maxPayload: Type.Integer({ minimum: 64, maximum: LARGEST_MESSAGE }),
    rules: Type.Array(Rule, { minItems: 1, maxItems: 60 }),
    map: ReadMap,
    eventTime: Type.Optional(Type.Object({ path: Path, format: oneOf('iso', 's', 'ms', 'us') }, strict)),
    eventSeq: Type.Optional(Path),
    /** What the reader can be asked for. */
    commands: Type.Optional(MessageCommands),
    alarms: Type.Optional(Type.Array(Alarm, { maxItems: 10 })),
    /** Plain texts on the status topic. */
    status: Type.Optional(Type.Record(Type.String({ maxLength: 80 }), oneOf('online', 'offline'))),
    /** Messages that the simulator fills in and publishes. */
    simulate: Type.Object(
      {
        read: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        heartbeat: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        /** `{lost}` and `{kept}` in these are numbers of reads. */
        overflow: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        birth: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        will: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        /** The mode that it has when it is new. */
        mode: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        /** Reads that it keeps while the network is away. */
        buffer: Type.Optional(Type.Integer({ minimum: 0, maximum: 300_000 })),
        heartbeatMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 3_600_000 })),
      },
      strict,
    ),
    captures: Type.Array(
      Type.Object({ payload: Type.Unknown(), meaning: Type.String({ maxLength: 200 }), expect: Expected }, strict),
      { maxItems: 200 },
    ),
  },
  strict,
);
export type MessageProfile = Static<typeof MessageProfile>;
export type Rule = Static<typeof Rule>;
export type SignRule = Static<typeof SignRule>;
