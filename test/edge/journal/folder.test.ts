import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { demoSettings } from '../../../src/demo/index.ts';
import { closeFolder } from '../../../src/journal/folder.ts';
import { arrival, batch, createStores } from './store-fixture.ts';

const { folder, open } = createStores();
const unsafe = (text: string) =>
  expect.objectContaining({ code: 'STORE_UNSAFE', message: expect.stringContaining(text) });
const modeOf = (path: string) => lstatSync(path).mode & 0o7777;
const isRoot = process.geteuid?.() === 0;

/** Every file and folder below, with what it may not have: rights of others. */
function openOnes(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(path, entry.name);
    const found = lstatSync(below, { throwIfNoEntry: false });
    if (found === undefined) return [];
    const wrong =
      (found.mode & 0o7777) === (found.isDirectory() ? 0o700 : 0o600)
        ? []
        : [`${entry.name} ${(found.mode & 0o7777).toString(8)}`];
    return [...wrong, ...(found.isDirectory() ? openOnes(below) : [])];
  });
}

/** Looks again and again while a child does all that writes; returns what it saw and how many files it looked at. */
async function watched(
  path: string,
  umask: string,
): Promise<{ wrong: Set<string>; looks: number; names: Set<string> }> {
  const child = spawn('node', ['--import', 'tsx', join(import.meta.dirname, 'modes-child.ts'), path, umask, '4'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const wrong = new Set<string>();
  const names = new Set<string>();
  let looks = 0;
  let code: number | null = null;
  child.once('exit', (given) => (code = given ?? -1));
  while (code === null) {
    try {
      for (const one of openOnes(path)) wrong.add(one);
      for (const name of readdirSync(path, { recursive: true })) names.add(String(name).replace(/^.*\//, ''));
      looks++;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(code).toBe(0);
  return { wrong, looks, names };
}

describe('what lies in the data folder', () => {
  it.each(['000', '022', '077'])(
    'is 0600, and its folders 0700, from the first byte under umask %s',
    async (umask) => {
      const path = folder();
      const { wrong, looks, names } = await watched(path, umask);
      expect([...wrong]).toEqual([]);
      expect(openOnes(path)).toEqual([]);
      expect(looks).toBeGreaterThan(20);
      for (const name of [
        'silentgate.db',
        'silentgate.db-wal',
        'silentgate.db-shm',
        'token.key',
        'gateway.lock',
        'gateway.pid',
        'import',
        'shop.backup',
      ])
        expect([...names]).toContain(name);
      expect([...names].filter((name) => /before-(v\d|restore)/.test(name)).length).toBeGreaterThan(1);
    },
    60_000,
  );

  it('is made with the folders above it, each closed to others', () => {
    const path = join(folder(), 'shop', 'data');
    closeFolder(path);
    expect([modeOf(join(path, '..')), modeOf(path)]).toEqual([0o700, 0o700]);
  });

  it('is refused at once where no folder can be made', () => {
    const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' });
    for (const path of ['/proc/silentgate', '/proc/silentgate/data']) expect(() => open(path)).toThrow(unavailable);
  });

  it('is closed to others at the start where it was open, before anything is written', async () => {
    const path = folder();
    const store = open(path);
    await store.append(batch({ events: [arrival(1)] }));
    await store.close();
    mkdirSync(join(path, 'import'));
    for (const name of ['run.json', 'baselines.json', 'import/staged.part', 'notes.txt'])
      writeFileSync(join(path, name), '{}');
    for (const name of readdirSync(path)) chmodSync(join(path, name), 0o777);
    chmodSync(join(path, 'import/staged.part'), 0o644);
    chmodSync(path, 0o755);
    closeFolder(path);
    expect(modeOf(path)).toBe(0o700);
    expect(openOnes(path)).toEqual(['notes.txt 700']);
    expect((await open(path).health()).events).toBe(1);
  });

  it('keeps rights that are narrower', () => {
    const path = folder();
    writeFileSync(join(path, 'notes.txt'), 'x', { mode: 0o400 });
    closeFolder(path);
    expect(modeOf(join(path, 'notes.txt'))).toBe(0o400);
  });
});

describe('a link in the way', () => {
  it('is refused in plain words where the folder or a file of ours should be, and its target keeps its rights', () => {
    const target = folder();
    chmodSync(target, 0o755);
    writeFileSync(join(target, 'foreign'), 'foreign', { mode: 0o644 });
    chmodSync(join(target, 'foreign'), 0o644);
    const link = join(folder(), 'data');
    symlinkSync(target, link);
    expect(() => open(link)).toThrow(unsafe(`is a symbolic link to ${target}`));
    for (const name of [
      'silentgate.db',
      'silentgate.db-wal',
      'token.key',
      'run.json',
      'gateway.lock',
      'import',
      'baselines.json.partial',
    ]) {
      const path = folder();
      symlinkSync(join(target, 'foreign'), join(path, name));
      expect(() => open(path)).toThrow(unsafe(`${join(path, name)} is a symbolic link`));
      expect(readdirSync(path)).toEqual([name]);
    }
    expect(modeOf(target)).toBe(0o755);
    expect(modeOf(join(target, 'foreign'))).toBe(0o644);
    expect(readFileSync(join(target, 'foreign'), 'utf8')).toBe('foreign');
  });

  it('to nothing makes no file elsewhere', () => {
    const path = folder();
    const elsewhere = join(folder(), 'made');
    symlinkSync(elsewhere, join(path, 'silentgate.db'));
    expect(() => open(path)).toThrow(unsafe('to nothing'));
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('under a name of others is let be', () => {
    const path = folder();
    const target = join(folder(), 'foreign');
    writeFileSync(target, 'x');
    chmodSync(target, 0o644);
    symlinkSync(target, join(path, 'notes'));
    closeFolder(path);
    expect(modeOf(target)).toBe(0o644);
  });

  it('that is a second name of an open file is refused: the rights would change elsewhere too', () => {
    const path = folder();
    const target = join(folder(), 'foreign');
    writeFileSync(target, 'x');
    chmodSync(target, 0o644);
    linkSync(target, join(path, 'silentgate.db'));
    expect(() => open(path)).toThrow(unsafe('second name'));
    expect(modeOf(target)).toBe(0o644);
  });
});

describe.skipIf(!isRoot)('what belongs to another user', () => {
  it('is refused, the folder and a file of ours in it, and keeps its rights', async () => {
    const path = folder();
    chownSync(path, 65534, 65534);
    chmodSync(path, 0o755);
    expect(() => open(path)).toThrow(unsafe('belongs to user 65534'));
    expect(modeOf(path)).toBe(0o755);
    expect(readdirSync(path)).toEqual([]);
    chownSync(path, 0, 0);
    await open(path).close();
    chownSync(join(path, 'token.key'), 65534, 65534);
    expect(() => open(path)).toThrow(unsafe('token.key belongs to user 65534'));
  });
});

describe('a data folder of another site', () => {
  const other = expect.objectContaining({
    code: 'STORE_OTHER_SITE',
    message: expect.stringMatching(/belongs to the site taipei-xinyi.*of the site elsewhere/),
  });

  it('is refused to a gateway and to tools, which write nothing into it', async () => {
    const path = folder();
    await open(path).close();
    renameSync(join(path, 'gateway.lock'), join(path, 'kept.lock'));
    const before = readFileSync(join(path, 'silentgate.db'));
    for (const mode of ['gateway', 'tool'] as const) {
      expect(() => open(path, { mode, site: 'elsewhere' })).toThrow(other);
      expect(readdirSync(path).sort()).toEqual(['kept.lock', 'silentgate.db', 'token.key']);
      expect(readFileSync(join(path, 'silentgate.db'))).toEqual(before);
    }
    expect((await open(path).health()).writable).toBe(true);
    expect(() => open(path, { mode: 'tool', site: 'elsewhere' })).toThrow(other);
  });

  it('that names no site, because an older Silentgate wrote it, becomes the site’s at its first start, not by a tool', async () => {
    const path = folder();
    await open(path).close();
    const db = new Database(join(path, 'silentgate.db'));
    db.exec("DELETE FROM meta WHERE name = 'site'");
    db.close();
    await open(path, { mode: 'tool', site: 'elsewhere' }).close();
    await open(path, { site: 'branch-2' }).close();
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'STORE_OTHER_SITE' }));
    expect((await open(path, { site: 'branch-2' }).health()).writable).toBe(true);
  });

  it('that the demo of an older Silentgate filled is the demo’s, so its goods are in no other stock', async () => {
    const demo = demoSettings({
      httpPort: 0,
      mqttPort: 0,
      crmUrl: 'http://127.0.0.1/',
      shelfLink: { serial: { path: '/x' } },
    }) as { site: { id: string }; crm: { id: string }[] };
    const path = folder();
    await open(path).close();
    const db = new Database(join(path, 'silentgate.db'));
    db.exec("DELETE FROM meta WHERE name = 'site'");
    const destination = 'INSERT INTO destination_states (destination, state, failures, since) VALUES (?, ?, 0, 0)';
    for (const { id } of demo.crm) db.prepare(destination).run(id, 'ok');
    db.close();
    const refused = expect.objectContaining({
      code: 'STORE_OTHER_SITE',
      message: expect.stringContaining(demo.site.id),
    });
    expect(() => open(path)).toThrow(refused);
    expect(() => open(path, { mode: 'tool' })).toThrow(refused);
    expect((await open(path, { site: demo.site.id }).health()).writable).toBe(true);
  });
});
