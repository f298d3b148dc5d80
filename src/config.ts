import { dirname, resolve } from 'node:path';
import { HttpOptions, isLoopback } from './api/index.ts';
import { startProblems, startWarnings, valueProblems } from './config-checks.ts';
import { DestinationOptions, destinationProblems } from './followers/index.ts';
import {
  compile,
  configText,
  formatProblem,
  GatewayError,
  type LocatedProblem,
  located,
  type Problem,
  plainTextPattern,
  readYaml,
  type Static,
  Type,
  zoneName,
  zoneProblems,
} from './kit/index.ts';
import { MqttOptions } from './links/index.ts';
import { locationKinds, type ReadPoint, readPointKinds } from './presence/index.ts';
import {
  loadProfiles,
  type Profiles,
  problemsWith,
  ReaderOptions,
  TagOptions,
  tagProblems,
  tagRules,
} from './readers/index.ts';
import { createTagCodec, parseGtin, type TagCodec } from './tags/index.ts';

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
    locations: Type.Array(Location, { minItems: 1 }),
    readPoints: Type.Array(ReadPointOptions, { minItems: 1 }),
    readers: Type.Array(ReaderOptions),
    crm: Type.Optional(Type.Array(DestinationOptions)),
  },
  closed,
);
export type ConfigFile = Static<typeof ConfigSchema>;

/** A configuration that holds: references resolved, paths absolute, every default filled in. */
export type Config = ConfigFile & {
  readonly data: string;
  readonly folder: string;
  readonly points: readonly ReadPoint[];
  readonly profileTable: Profiles;
  /** The tag codec with the file's own rules. */
  readonly codec: TagCodec;
};

type Env = Readonly<Record<string, string | undefined>>;

const checker = compile(ConfigSchema);

/**
 * Reads and checks a configuration file. `shipped` is the folder of the profiles that come with Silentgate.
 * Returns every mistake, in the order of the file; throws CONFIG_INVALID only when the file cannot be read.
 * With `env` what the file names is looked at too: secrets, TLS files and places that `start` would refuse are mistakes.
 * A good file may still have warnings, in the order of the file.
 */
export function readConfig(
  file: string,
  shipped: string,
  env: Env | null = null,
): { config: Config; warnings: LocatedProblem[] } | { problems: LocatedProblem[] } {
  const yaml = readYaml(configText(file));
  if (yaml.errors.length > 0) {
    return {
      problems: yaml.errors.map(({ line, message }) => ({ line, key: '', found: message, allowed: 'YAML 1.2' })),
    };
  }
  if (yaml.value === null) {
    return {
      problems: [{ line: 1, key: '', found: 'an empty file', allowed: 'site, locations, readPoints, readers' }],
    };
  }
  const wrong = checker.problems(yaml.value);
  if (wrong.length > 0 || !checker.fits(yaml.value)) return { problems: located(yaml, wrong) };
  const value = yaml.value;
  const base = dirname(resolve(file));
  const profileTable = loadProfiles(
    value.profiles === undefined ? [shipped] : [shipped, resolve(base, value.profiles)],
  );
  const loose = [...references(value), ...readerProblems(value, profileTable), ...tagMistakes(value, base)];
  loose.push(...valueProblems(value));
  if (env !== null) loose.push(...startProblems(value, base, env));
  if (loose.length > 0) return { problems: located(yaml, loose) };
  const warnings = located(yaml, startWarnings(value, base, Date.now()));
  return { config: complete(value, base, profileTable), warnings };
}

/** A configuration given as a value instead of a file: the demo store's. Throws CONFIG_INVALID. */
export function completeConfig(value: unknown, base: string, shipped: string): Config {
  const profileTable = loadProfiles([shipped]);
  const wrong = checker.problems(value);
  const loose = checker.fits(value)
    ? [...references(value), ...readerProblems(value, profileTable), ...tagMistakes(value, base)]
    : wrong;
  if (checker.fits(value) && loose.length === 0) return complete(value, base, profileTable);
  throw new GatewayError('CONFIG_INVALID', `The configuration is wrong: ${JSON.stringify(loose)}`);
}

/** The same for whoever needs the configuration: throws CONFIG_INVALID with every mistake in the message. */
export function loadConfig(file: string, shipped: string, env: Env | null = null): Config {
  const result = readConfig(file, shipped, env);
  if ('config' in result) return result.config;
  throw new GatewayError('CONFIG_INVALID', result.problems.map((p) => formatProblem(file, p)).join('\n'), { file });
}

/** References between the parts: each must name something that is there, once. */
function references(value: ConfigFile): Problem[] {
  const locations = value.locations.map((location) => location.id);
  const points = value.readPoints.map((point) => point.id);
  return [
    ...zoneProblems('/site/timeZone', value.site.timeZone),
    ...repeated('locations', locations),
    ...repeated('readPoints', points),
    ...repeated(
      'readers',
      value.readers.map((reader) => reader.id),
    ),
    ...repeated(
      'crm',
      (value.crm ?? []).map((destination) => destination.id),
    ),
    ...value.locations.flatMap((l, i) =>
      l.parent === undefined ? [] : named(`/locations/${i}/parent`, l.parent, locations),
    ),
    ...loops(value),
    ...glnProblems(value.site.gln),
    ...(value.crm ?? []).flatMap((destination, i) =>
      destinationProblems(destination).map((problem) => ({ ...problem, pointer: `/crm/${i}${problem.pointer}` })),
    ),
    ...value.readPoints.flatMap((p, i) => named(`/readPoints/${i}/location`, p.location, locations)),
    ...value.readers.flatMap((reader, i) =>
      Object.entries(reader.antennas).flatMap(([port, point]) =>
        named(`/readers/${i}/antennas/${port}`, point, points),
      ),
    ),
  ];
}

function named(pointer: string, found: string, known: readonly string[]): Problem[] {
  return known.includes(found) ? [] : [{ pointer, found, allowed: `one of ${known.join(', ')}` }];
}

function repeated(list: string, ids: readonly string[]): Problem[] {
  return ids.flatMap((id, i) =>
    ids.indexOf(id) < i
      ? [{ pointer: `/${list}/${i}/id`, found: id, allowed: `an id that no other of the ${list} has` }]
      : [],
  );
}

function loops(value: ConfigFile): Problem[] {
  const parents = new Map(value.locations.map((location) => [location.id, location.parent]));
  return value.locations.flatMap((location, i) => {
    const seen = new Set<string>();
    for (let at: string | undefined = location.id; at !== undefined; at = parents.get(at)) {
      if (seen.has(at))
        return [
          { pointer: `/locations/${i}/parent`, found: location.parent, allowed: 'a tree: no location above itself' },
        ];
      seen.add(at);
    }
    return [];
  });
}

/** A GLN has 13 digits, the last of them the check digit of a GTIN-13 [GS1 General Specifications 7.9]. */
function glnProblems(gln: string | undefined): Problem[] {
  const parsed = gln === undefined ? null : parseGtin(gln);
  if (parsed === null || parsed.ok) return [];
  const { code, expected } = parsed.error;
  const allowed = code === 'CHECK_DIGIT' ? `a GLN whose check digit is ${expected}` : 'a GLN that GS1 gave you';
  return [{ pointer: '/site/gln', found: gln, allowed }];
}

function readerProblems(value: ConfigFile, profiles: Profiles): Problem[] {
  return value.readers.flatMap((reader, i) => [
    ...problemsWith(profiles, reader).map((problem) => ({ ...problem, pointer: `/readers/${i}${problem.pointer}` })),
    ...('mqtt' in reader.link && value.mqtt === undefined
      ? [
          {
            pointer: `/readers/${i}/link/mqtt`,
            found: reader.link.mqtt,
            allowed: 'an mqtt section in the file, which names the broker',
          },
        ]
      : []),
  ]);
}

function tagMistakes({ tags }: ConfigFile, base: string): Problem[] {
  return tags === undefined
    ? []
    : tagProblems(tags, base).map((problem) => ({ ...problem, pointer: `/tags${problem.pointer}` }));
}

function complete(value: ConfigFile, base: string, profileTable: Profiles): Config {
  const kinds = new Map(value.locations.map((location) => [location.id, location.kind]));
  return {
    ...value,
    data: resolve(base, value.data ?? './data'),
    folder: base,
    profileTable,
    codec: createTagCodec(tagRules(value.tags ?? {}, base)),
    points: value.readPoints.map((point) => ({
      id: point.id,
      location: point.location,
      locationKind: kinds.get(point.location) ?? 'outside',
      kind: point.kind,
      bizStep: point.bizStep ?? null,
      minRssi: point.minRssi ?? null,
      departAfterMs: point.departAfterMs ?? null,
    })),
  };
}

/**
 * The broker of an `mqtt` section in words: its address, where the embedded one listens and whom it lets in, and the
 * ids of the readers behind it. Beyond this machine the embedded one asks for accounts unless the file says otherwise.
 */
export function brokerOf(mqtt: MqttOptions, readers: () => readonly string[]) {
  const listens = 'broker' in mqtt ? (mqtt.host ?? '127.0.0.1') : null;
  const usual = listens !== null && isLoopback(listens) ? 'open' : 'accounts';
  return {
    access: 'broker' in mqtt ? (mqtt.access ?? usual) : null,
    address: 'broker' in mqtt ? `${listens}:${mqtt.port ?? 1883}` : mqtt.url,
    listens,
    // The readers may change while the gateway runs.
    get readers() {
      return readers();
    },
  };
}
