import { LARGEST_PAYLOAD, type Static, Type } from '../../kit/index.ts';
import { Path, ProfileMap, TimeFormat } from './profile-map.ts';
import { Expected, identity, Name, oneOf, strict, titled } from './vocabulary.ts';

/** The code that a profile can name; `messages/plugins.ts` has it. */
export const pluginNames = [
  'generic-json',
  'impinj-r700',
  'impinj-speedway-connect',
  'zebra-iot-connector',
  'zebra-rfd40',
] as const;
export type PluginName = (typeof pluginNames)[number];
const names = pluginNames.map((name) => `\`${name}\``).join(', ');

/** True when the value at `path` is there, or is one of `in`. */
const When = Type.Object(
  {
    path: titled('a dotted path into the message: the rule fits where a value is there', Path),
    in: Type.Optional(
      Type.Array(Type.String({ maxLength: 80 }), {
        minItems: 1,
        title: 'it fits only where the value is one of these',
      }),
    ),
  },
  { ...strict, title: 'when the rule fits; without it always' },
);

/** What a message is; the first rule that fits decides. */
const Rule = Type.Object(
  {
    when: Type.Optional(When),
    is: titled(
      '`read`: the map finds reads in it; `event`: something else to tell; `heartbeat`: an event that comes at a steady pace, and is missed when it does not; `ignore`: nothing',
      oneOf('read', 'event', 'heartbeat', 'ignore'),
    ),
    name: Type.Optional(titled('the name of the event', Name)),
    nameAt: Type.Optional(titled('where the message itself has the name of the event', Path)),
    detail: Type.Optional(titled('the part of the message that the event shows; without it all', Path)),
    online: Type.Optional(
      Type.Boolean({ title: 'what the event says of the reader’s connection; a heartbeat says true by itself' }),
    ),
  },
  strict,
);

const Example = Type.Record(Type.String(), Type.Unknown());

/** Messages that the simulator fills in and publishes. */
const Simulate = Type.Object(
  {
    read: Type.Optional(
      titled('an example of a message with one read; its values are put where the map has them', Example),
    ),
    heartbeat: Type.Optional(titled('an example of a heartbeat', Example)),
    heartbeatMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        title: 'the pace of its heartbeats in ms; 10,000 without it',
      }),
    ),
    buffer: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 300_000, title: 'how many reads it keeps while its network is away' }),
    ),
  },
  { ...strict, title: 'what the simulated reader says' },
);

const Capture = Type.Object(
  {
    payload: Type.Unknown({ title: 'a message as it came: JSON, or a text' }),
    meaning: Type.String({ maxLength: 200, title: 'what it is, in words' }),
    expect: titled('what it decodes to, as `profile decode` prints it; only members named here count', Expected),
  },
  strict,
);

const EventTime = Type.Object({ path: titled('a dotted path into the message', Path), format: TimeFormat }, strict);
const Size = Type.Integer({ minimum: 64, maximum: LARGEST_PAYLOAD });

/** A reader that publishes messages: the words that makers share. What one maker needs is code (`messages/plugin.ts`). */
export const MessageProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('messages', { title: 'a reader that publishes messages' }),
    plugin: Type.Optional(titled(`code for what only this maker’s readers have: ${names}`, oneOf(...pluginNames))),
    maxPayload: titled('the longest message that is taken, in bytes', Size),
    rules: Type.Array(Rule, {
      minItems: 1,
      maxItems: 60,
      title: 'what a message is; the first rule that fits decides, and one that none fits is rejected and counted',
    }),
    map: ProfileMap,
    eventTime: Type.Optional(titled('where an event has its time', EventTime)),
    eventSeq: Type.Optional(titled('where an event has its running number', Path)),
    simulate: Simulate,
    captures: Type.Array(Capture, {
      maxItems: 200,
      title: 'real or documented messages and what they mean; `profile check` replays them',
    }),
  },
  strict,
);
export type MessageProfile = Static<typeof MessageProfile>;
export type Rule = Static<typeof Rule>;
