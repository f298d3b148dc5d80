import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { compile, GatewayError, jsonDepth, messageOf, type Problem } from '../kit/index.ts';
import { ByteProfile, LineProfile, LlrpProfile, MessageProfile } from '../protocols/index.ts';
import { byteProfileProblems } from './byte-rules.ts';
import { lineProfileProblems } from './line-rules.ts';
import type { Profile, Profiles } from './profile.ts';

const LARGEST_FILE = 512 * 1024;
/** More files than that are no folder of profiles. */
const MOST_FILES = 500;
const MOST_ABOVE = 5;
const DEEPEST = 32;
const checkers = {
  bytes: compile(ByteProfile),
  messages: compile(MessageProfile),
  llrp: compile(LlrpProfile),
  lines: compile(LineProfile),
} as const;

type Source = { readonly file: string; readonly data: Record<string, unknown> };

/**
 * Reads every `*.json` of the given folders (`<folder>/<model>.json` and `<folder>/<vendor>/<model>.json`) and each file
 * given by itself, resolves `extends` and checks each profile. Throws PROFILE_INVALID naming file, key (JSON pointer), what was found and what is
 * allowed; ids are unique over all folders. Profiles are data: nothing in them can load code.
 */
export function loadProfiles(paths: readonly string[]): Profiles {
  const sources = new Map<string, Source>();
  const files = new Set(paths.flatMap(profileFiles));
  for (const file of files) {
    const data = readProfile(file);
    const id = String(data['id']);
    const twin = sources.get(id);
    if (twin !== undefined)
      throw invalid(file, [{ pointer: '/id', found: id, allowed: `an id that ${twin.file} does not use` }]);
    sources.set(id, { file, data });
  }
  const profiles = new Map<string, Profile>();
  for (const [id, { file, data }] of sources) profiles.set(id, checkProfile(resolve(data, file, sources), file));
  return tableOf(profiles);
}

function tableOf(profiles: ReadonlyMap<string, Profile>): Profiles {
  const ids = [...profiles.keys()].sort();
  return {
    get: (id) => {
      const profile = profiles.get(id);
      if (profile === undefined)
        throw new GatewayError('NOT_FOUND', `There is no profile ${id}; there are ${ids.join(', ')}.`);
      return profile;
    },
    all: () => ids.flatMap((id) => profiles.get(id) ?? []),
  };
}

/** Checks one profile's content that has no `extends` left; throws PROFILE_INVALID naming `file`. */
export function checkProfile(data: Record<string, unknown>, file: string): Profile {
  const kind = data['kind'];
  if (kind !== 'bytes' && kind !== 'messages' && kind !== 'llrp' && kind !== 'lines') {
    throw invalid(file, [{ pointer: '/kind', found: kind, allowed: 'bytes, lines, messages or llrp' }]);
  }
  const problems = checkers[kind].problems(data);
  if (checkers.messages.fits(data) || checkers.llrp.fits(data)) return data;
  if (!checkers.bytes.fits(data) && !checkers.lines.fits(data)) throw invalid(file, problems);
  const rules = data.kind === 'lines' ? lineProfileProblems(data) : byteProfileProblems(data);
  if (rules.length > 0) throw invalid(file, rules);
  return data;
}

function profileFiles(path: string): string[] {
  const folder = resolvePath(path);
  if (!statOf(folder).isDirectory()) return [folder];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return jsonFiles(path);
    return entry.name.endsWith('.json') ? [path] : [];
  });
  if (files.length <= MOST_FILES) return files;
  throw invalid(folder, [{ pointer: '', found: `${files.length} files`, allowed: `at most ${MOST_FILES} profiles` }]);
}

/** What a path leads to; a path that leads nowhere, such as a dangling link, is told with its name. */
function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw invalid(path, [{ pointer: '', found: messageOf(error), allowed: 'a folder of profiles, or one profile' }]);
  }
}

function jsonFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(folder, name));
}

function readProfile(file: string): Record<string, unknown> {
  const facts = statOf(file);
  // A pipe or a device has no size, and might never end.
  if (!facts.isFile()) throw invalid(file, [{ pointer: '', found: 'no regular file', allowed: 'a regular file' }]);
  const { size } = facts;
  if (size > LARGEST_FILE) {
    throw invalid(file, [{ pointer: '', found: `${size} bytes`, allowed: `at most ${LARGEST_FILE} bytes` }]);
  }
  const data = parse(file);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw invalid(file, [{ pointer: '', found: data, allowed: 'a JSON object' }]);
  }
  // `$schema` is for the editor of whoever writes the file.
  const { $schema: _, ...own } = data as Record<string, unknown>;
  return own;
}

function parse(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  if (jsonDepth(text) > DEEPEST) {
    throw invalid(file, [
      { pointer: '', found: 'deeper nesting', allowed: `objects and lists at most ${DEEPEST} deep` },
    ]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, [{ pointer: '', found: messageOf(error), allowed: 'JSON' }]);
  }
}

/**
 * A child's top-level keys take the place of its parent's, whole. Only `commands` is merged, command by command: models of
 * a family differ in a few of many; null takes one away.
 */
function resolve(data: Record<string, unknown>, file: string, sources: Map<string, Source>, above: string[] = []) {
  const parent = data['extends'];
  if (parent === undefined) return data;
  const source = typeof parent === 'string' && !above.includes(parent) ? sources.get(parent) : undefined;
  if (source === undefined || above.length >= MOST_ABOVE) {
    const allowed = `the id of a loaded profile that does not extend this one, at most ${MOST_ABOVE} above each other`;
    throw invalid(file, [{ pointer: '/extends', found: parent, allowed }]);
  }
  const { extends: _, ...own } = data;
  const inherited: Record<string, unknown> = resolve(source.data, source.file, sources, [...above, String(parent)]);
  const commands = mergedCommands(inherited['commands'], own['commands']);
  return { ...inherited, ...own, ...(commands === null ? {} : { commands }) };
}

/** null where there is nothing to merge: what is no object is for the schema to refuse. */
function mergedCommands(parent: unknown, child: unknown): Record<string, unknown> | null {
  if (!isRecord(parent) || !isRecord(child)) return null;
  const all = Object.entries({ ...parent, ...child });
  return Object.fromEntries(all.filter(([, command]) => command !== null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, problems: readonly Problem[]): GatewayError {
  const first = problems[0];
  const place =
    first === undefined ? '' : `${first.pointer || '/'}: found ${shown(first.found)}, allowed: ${first.allowed}`;
  return new GatewayError('PROFILE_INVALID', `${file}: ${place}`, { file, problems });
}

function shown(found: unknown): string {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
