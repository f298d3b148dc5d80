import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = 'src';
const above = [
  'config.ts',
  'config-schema.ts',
  'config-references.ts',
  'config-checks.ts',
  'line.ts',
  'belief.ts',
  'carrier.ts',
  'rounds.ts',
  'hearing.ts',
  'journal-door.ts',
  'known-writes.ts',
  'loading.ts',
  'fleet.ts',
  'fleet-change.ts',
  'crew.ts',
  'places.ts',
  'broker.ts',
  'api-door.ts',
  'gateway.ts',
  'main.ts',
];

type Room = { kind: string; mayImport: Set<string> };

function readLaw(): Map<string, Room> {
  const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(
    /^\| `(\w+)` \| (base|core|edge) \|[^|]*\|[^|]*\|\s*(.*?)\s*\|$/gm,
  );
  const rooms = [...rows].map(([, name = '', kind = '', list = '']) => ({ name, kind, list }));
  return new Map(
    rooms.map(({ name, kind, list }) => [
      name,
      {
        kind,
        mayImport: new Set(
          list.startsWith('every room but')
            ? rooms.map((r) => r.name).filter((name) => !named(list).includes(name))
            : named(list),
        ),
      },
    ]),
  );
}

const named = (list: string) => [...list.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map(([, from, bare]) => from ?? bare ?? '');
}

const pathOf = (file: string, target: string) =>
  target.startsWith('.') ? normalize(join(dirname(file), target)) : target;

/** Every file that is loaded with these: what they import, but by `import()` or for its types only. */
function loadedBy(entries: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(entries);
  for (const file of loaded) {
    const found = readFileSync(file, 'utf8').matchAll(
      /^\s*(?:import|export)\b(?! type\b)[^;'"]*?from\s*['"](\.[^'"]+)['"]|^import\s*['"](\.[^'"]+)['"]/gm,
    );
    for (const [, from, bare] of found) loaded.add(pathOf(file, from ?? bare ?? ''));
  }
  return loaded;
}

/** Files that come back to themselves by what they import: each circle once, as a text. */
function circles(needed: ReadonlyMap<string, readonly string[]>): string[] {
  const reached = new Map([...needed.keys()].map((file) => [file, reachedFrom(needed, file)]));
  const inCircles = [...needed.keys()].filter((file) => reached.get(file)?.has(file));
  const together = (one: string) =>
    inCircles.filter((other) => other === one || (reached.get(one)?.has(other) && reached.get(other)?.has(one)));
  return [...new Set(inCircles.map((file) => together(file).sort().join(' ')))];
}

function reachedFrom(needed: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const reached = new Set(needed.get(start));
  for (const file of reached) for (const next of needed.get(file) ?? []) reached.add(next);
  return reached;
}

const law = readLaw();
const files = filesUnder(src);
const roomOf = (path: string) => relative(src, path).split('/')[0] ?? '';

function judge(file: string, target: string): string | null {
  const room = roomOf(file);
  if (!target.startsWith('.')) {
    return law.get(room)?.kind === 'core' && target.startsWith('node:') ? `core room imports ${target}` : null;
  }
  const path = normalize(join(dirname(file), target));
  return above.includes(room) ? judgeAbove(path) : judgeRoom(room, path);
}

function judgeAbove(path: string): string | null {
  const other = roomOf(path);
  if (!law.has(other)) return aboveOnly(path);
  return other === 'web' || other === 'simulators' ? `nothing of production imports ${other}` : doorOnly(path, other);
}

function judgeRoom(room: string, path: string): string | null {
  const owner = law.get(room);
  const other = roomOf(path);
  if (owner === undefined) return `there is no room ${room} in docs/architecture.md`;
  if (other === room) return null;
  if (above.includes(other)) return room === 'cli' ? null : `only cli may import ${other}`;
  return owner.mayImport.has(other) ? doorOnly(path, other) : `${room} may not import ${other}`;
}

const doorOnly = (path: string, room: string) =>
  path === join(src, room, 'index.ts') ? null : `${room} is entered by ${room}/index.ts only`;
const aboveOnly = (path: string) =>
  above.includes(relative(src, path)) ? null : `${path} is neither a room nor a file above the rooms`;

describe('the law of the rooms in docs/architecture.md', () => {
  it('names every room that has a folder', () => {
    const folders = readdirSync(src).filter((name) => statSync(join(src, name)).isDirectory());
    expect(folders.filter((name) => !law.has(name))).toEqual([]);
  });

  it('has nothing above the rooms but config and its checks, the line and its parts, fleet and main', () => {
    const loose = readdirSync(src).filter((name) => statSync(join(src, name)).isFile());
    expect(loose.filter((name) => !above.includes(name))).toEqual([]);
  });

  it('is obeyed by every import', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .map((target) => ({ target, verdict: judge(file, target) }))
        .filter(({ verdict }) => verdict !== null)
        .map(({ target, verdict }) => `${file} → ${target}: ${verdict}`),
    );
    expect(broken).toEqual([]);
  });

  it('keeps core rooms free of the clock, of I/O and of chance', () => {
    const forbidden =
      /\b(Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|setImmediate|fetch\(|process\.|Math\.random)/;
    const dirty = files.filter(
      (file) => law.get(roomOf(file))?.kind === 'core' && forbidden.test(readFileSync(file, 'utf8')),
    );
    expect(dirty).toEqual([]);
  });

  it('lets only the journal use SQLite and only kit use TypeBox', () => {
    const users = (name: string) =>
      new Set(files.filter((file) => importsOf(file).some((t) => t === name || t.startsWith(`${name}/`))).map(roomOf));
    expect([...users('better-sqlite3')].filter((room) => room !== 'journal')).toEqual([]);
    expect([...users('@sinclair/typebox')].filter((room) => room !== 'kit')).toEqual([]);
  });

  it('lets the staff app take types only of the contract, so that neither it nor TypeBox gets into the bundle', () => {
    const asks =
      /^\s*(?:import|export)\b(?!\s+type\b)[^;'"]*?from\s*['"][^'"]*\/contract\/|\bimport\s*\(?\s*['"][^'"]*\/contract\//m;
    const web = files.filter((file) => roomOf(file) === 'web');
    const users = web.filter((file) => importsOf(file).some((t) => roomOf(pathOf(file, t)) === 'contract'));
    expect(users.length).toBeGreaterThan(10);
    expect(users.filter((file) => asks.test(readFileSync(file, 'utf8')))).toEqual([]);
    expect("import { type Item } from '../../contract/index.ts';").toMatch(asks);
    expect("import type { Item } from '../../contract/index.ts';").not.toMatch(asks);
    const loaded = [...loadedBy(web)].map(roomOf);
    expect(loaded.filter((room) => room !== 'web' && room !== 'tags')).toEqual([]);
  });

  it('lets of the commands only simulate and demo load simulators, and nothing load these two before they are asked for', () => {
    const simulated = files.filter((file) => importsOf(file).some((t) => roomOf(pathOf(file, t)) === 'simulators'));
    const users = simulated.filter((file) => roomOf(file) !== 'simulators' && roomOf(file) !== 'demo');
    expect(users).toEqual(['src/cli/demo.ts', 'src/cli/simulate.ts']);
    const loaded = loadedBy(['src/cli/bin.ts', 'src/cli/start.ts', 'src/main.ts']);
    expect(loaded.has('src/readers/index.ts')).toBe(true);
    expect([...loaded].filter((file) => roomOf(file) === 'simulators')).toEqual([]);
  });

  it('has no circle of files that need each other, be it for their types only', () => {
    expect(
      circles(new Map(files.map((file) => [file, importsOf(file).map((target) => pathOf(file, target))]))),
    ).toEqual([]);
  });

  it('finds a circle where there is one, and none in a file that many need', () => {
    const needs = (...pairs: [string, string[]][]) => circles(new Map(pairs));
    expect(needs(['a', ['b']], ['b', ['c', 'd']], ['c', ['a']], ['d', []])).toEqual(['a b c']);
    expect(needs(['a', ['c']], ['b', ['c', 'a']], ['c', []])).toEqual([]);
  });

  it('keeps every file under 300 lines', () => {
    expect(files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 300)).toEqual([]);
  });

  it('keeps hubs short: doors of rooms, and what stands above them', () => {
    const hubs = files.filter(
      (file) =>
        file.endsWith('/index.ts') || /^src\/((main|line|fleet|config)|api\/app|web\/state\/app)\.ts$/.test(file),
    );
    expect(hubs.filter((file) => readFileSync(file, 'utf8').split('\n').length > 150)).toEqual([]);
  });

  it('judges a forbidden import as forbidden', () => {
    expect(judge('src/presence/x.ts', '../journal/index.ts')).toMatch(/may not import/);
    expect(judge('src/api/x.ts', '../journal/store.ts')).toMatch(/door|only/);
    expect(judge('src/tags/x.ts', 'node:fs')).toMatch(/core room/);
    expect(existsSync('docs/architecture.md')).toBe(true);
  });
});
