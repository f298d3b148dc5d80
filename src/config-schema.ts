import { HttpOptions } from './api/index.ts';
import { DestinationOptions } from './followers/index.ts';
import { RetentionOptions } from './journal/index.ts';
import { plainTextPattern, type Static, Type, zoneName } from './kit/index.ts';
import { MqttOptions } from './links/index.ts';
import { locationKinds, MemoryOptions, readPointKinds } from './presence/index.ts';
import { ReaderOptions, TagOptions } from './readers/index.ts';

const closed = { additionalProperties: false };
const literals = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));
const Id = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  description: 'an id of 1 to 64 letters, digits, "-", "_" or ".", beginning with a letter or digit',
});

const Name = Type.String({
  pattern: plainTextPattern,
  description: 'a name without control characters and without marks of writing direction',
});

const Location = Type.Object(
  { id: Id, kind: literals(locationKinds), name: Type.Optional(Name), parent: Type.Optional(Id) },
  closed,
);
const ReadPointOptions = Type.Object(
  {
    id: Id,
    location: Id,
    kind: literals(readPointKinds),
    bizStep: Type.Optional(
      Type.String({
        pattern: '^[a-z_]+$',
        description: 'a CBV business step, e.g. receiving, stocking, retail_selling',
      }),
    ),
    minRssi: Type.Optional(Type.Number({ minimum: -120, maximum: 0, description: 'dBm between -120 and 0' })),
    departAfterMs: Type.Optional(Type.Integer({ minimum: 1, description: 'milliseconds of silence, 1 or more' })),
  },
  closed,
);

/** The configuration file; every room's part is the room's own schema. */
export const ConfigSchema = Type.Object(
  {
    site: Type.Object(
      {
        id: Id,
        name: Type.Optional(Name),
        gln: Type.Optional(Type.String({ pattern: '^[0-9]{13}$', description: 'a GLN of 13 digits, quoted' })),
        timeZone: Type.Optional(
          zoneName(
            'that of the place, for EPCIS events (default: this machine’s, TZ) and readers whose times name none',
          ),
        ),
      },
      closed,
    ),
    data: Type.Optional(Type.String({ minLength: 1, description: 'folder of the database' })),
    profiles: Type.Optional(Type.String({ minLength: 1, description: 'folder of your own firmware profiles' })),
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(literals(['error', 'warn', 'info', 'debug', 'trace'] as const)),
          file: Type.Optional(
            Type.String({ minLength: 1, description: 'file that the log is appended to, instead of standard output' }),
          ),
        },
        closed,
      ),
    ),
    http: Type.Optional(HttpOptions),
    mqtt: Type.Optional(MqttOptions),
    tags: Type.Optional(TagOptions),
    inventory: Type.Optional(Type.Object({ adopt: literals(['all', 'products', 'never'] as const) }, closed)),
    retention: Type.Optional(RetentionOptions),
    presence: Type.Optional(MemoryOptions),
    locations: Type.Array(Location, { minItems: 1 }),
    readPoints: Type.Array(ReadPointOptions, { minItems: 1 }),
    readers: Type.Array(ReaderOptions),
    crm: Type.Optional(Type.Array(DestinationOptions)),
  },
  closed,
);
export type ConfigFile = Static<typeof ConfigSchema>;
