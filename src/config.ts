import { dirname, resolve } from 'node:path';
import { isLoopback } from './api/index.ts';
import { startProblems, startWarnings, valueProblems } from './config-checks.ts';
import { referenceProblems } from './config-references.ts';
import { type ConfigFile, ConfigSchema } from './config-schema.ts';
import {
  compile,
  configText,
  formatProblem,
  GatewayError,
  type LocatedProblem,
  located,
  readYaml,
} from './kit/index.ts';
import type { MqttOptions } from './links/index.ts';
import type { ReadPoint } from './presence/index.ts';
import { loadProfiles, type Profiles } from './profiles/index.ts';
import { tagRules } from './readers/index.ts';
import { createTagCodec, type TagCodec } from './tags/index.ts';

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
  const loose = referenceProblems(value, profileTable, base);
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
  const loose = checker.fits(value) ? referenceProblems(value, profileTable, base) : wrong;
  if (checker.fits(value) && loose.length === 0) return complete(value, base, profileTable);
  throw new GatewayError('CONFIG_INVALID', `The configuration is wrong: ${JSON.stringify(loose)}`);
}

/** The same for whoever needs the configuration: throws CONFIG_INVALID with every mistake in the message. */
export function loadConfig(file: string, shipped: string, env: Env | null = null): Config {
  const result = readConfig(file, shipped, env);
  if ('config' in result) return result.config;
  throw new GatewayError('CONFIG_INVALID', result.problems.map((p) => formatProblem(file, p)).join('\n'), { file });
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
