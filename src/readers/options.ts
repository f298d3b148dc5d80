import { Secret, type Static, Type, zoneName } from '../kit/index.ts';
import { SerialOptions, TcpOptions } from '../links/index.ts';
import { ReadMap } from '../protocols/index.ts';
import { TagFilter } from './commands/command.ts';

const strict = { additionalProperties: false };

/** A topic of its own, without wildcards. */
const topic = (description: string) => Type.String({ minLength: 1, maxLength: 1024, pattern: '^[^#+]+$', description });

/**
 * Where a reader is reached. Exactly one key. An object with optional keys and not a union, so that one wrong value is
 * one message that names its own key.
 */
const ReaderLink = Type.Object(
  {
    serial: Type.Optional(SerialOptions),
    tcp: Type.Optional(TcpOptions),
    mqtt: Type.Optional(
      Type.Object(
        {
          topic: Type.String({ minLength: 1, maxLength: 1024, description: 'topic filter of the reads' }),
          statusTopic: Type.Optional(
            Type.String({ minLength: 1, maxLength: 1024, description: 'topic filter of status, wills and heartbeats' }),
          ),
          commandTopic: Type.Optional(topic('topic on which the reader takes commands')),
          responseTopic: Type.Optional(topic('topic on which it answers them')),
          managementTopic: Type.Optional(topic('the same for management commands, where it is another one')),
          managementResponseTopic: Type.Optional(topic('topic on which it answers those')),
        },
        strict,
      ),
    ),
    http: Type.Optional(
      Type.Object({}, { ...strict, description: 'the reader posts its reads to /api/v1/readers/<id>/reads' }),
    ),
    replay: Type.Optional(
      Type.Object(
        {
          file: Type.String({
            minLength: 1,
            maxLength: 4096,
            description: 'a recording made with `silentgate record`',
          }),
          speed: Type.Optional(
            Type.Number({ minimum: 0, maximum: 100_000, description: 'times real time; 0 = as fast as it goes' }),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, minProperties: 1, maxProperties: 1, description: 'exactly one of serial, tcp, mqtt, http, replay' },
);

/** One reader in the configuration. `antennas` gives each antenna port (from 1) its read point. */
export const ReaderOptions = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: 'letters, digits, dot, dash, underscore',
    }),
    profile: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'a firmware profile’s id, `silentgate profile list`',
    }),
    link: ReaderLink,
    antennas: Type.Record(Type.String({ pattern: '^[1-9][0-9]{0,2}$' }), Type.String({ minLength: 1, maxLength: 64 }), {
      ...strict,
      minProperties: 1,
      description: 'antenna port from 1 on → read point id',
    }),
    control: Type.Optional(
      Type.Object(
        {
          url: Type.String({
            pattern: '^https?://[^/]+/?$',
            maxLength: 300,
            description: 'https://host of the reader',
          }),
          username: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          password: Type.Optional(Secret),
          ca: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 4096,
              description: 'PEM file of the authority or of the reader itself',
            }),
          ),
          preset: Type.Optional(
            Type.String({
              pattern: '^[A-Za-z0-9_.-]{1,128}$',
              description: 'the preset that is started and set, default default',
            }),
          ),
        },
        { ...strict, description: 'the reader’s REST interface, where commands go over it' },
      ),
    ),
    login: Type.Optional(
      Type.Object(
        { username: Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]*$' }), password: Secret },
        { ...strict, description: 'who the gateway is to a reader that asks for a user name and password' },
      ),
    ),
    timeZone: Type.Optional(
      zoneName(
        'whose clocks its times show where they name none; without it site.timeZone, without both they are not used',
      ),
    ),
    region: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'a region that the profile lists' })),
    power: Type.Optional(Type.Number({ minimum: -10, maximum: 40, description: 'transmit power in dBm' })),
    antennaGain: Type.Optional(
      Type.Number({
        minimum: -20,
        maximum: 20,
        description:
          'gain of the antennas in dBi less the loss of their cables in dB; what they radiate is held to the region’s limit',
      }),
    ),
    antennaPower: Type.Optional(
      Type.Record(Type.String({ pattern: '^[1-9][0-9]{0,2}$' }), Type.Number({ minimum: -10, maximum: 40 }), {
        ...strict,
        minProperties: 1,
        description: 'antenna port → transmit power in dBm, where it differs from power',
      }),
    ),
    session: Type.Optional(Type.Integer({ minimum: 0, maximum: 3, description: 'Gen2 session' })),
    q: Type.Optional(Type.Integer({ minimum: 0, maximum: 15, description: 'Gen2 Q: about 2^Q tags answer a round' })),
    filter: Type.Optional(TagFilter),
    takeOver: Type.Optional(
      Type.Boolean({ description: 'LLRP: true deletes what another program set up in the reader; default false' }),
    ),
    map: Type.Optional(ReadMap),
  },
  strict,
);
export type ReaderOptions = Static<typeof ReaderOptions>;
export type ReaderLink = Static<typeof ReaderLink>;
