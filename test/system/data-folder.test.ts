import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

const config = `site: { id: folder-test }
http: { port: 0 }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: []
`;
let folder: { path: string; remove(): void };
let daemon: Daemon | null;
const start = () => startDaemon(folder.path, config);

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await daemon?.stop();
  folder.remove();
});

describe('a data folder', () => {
  it('is refused to a second gateway in plain words while the first goes on', async () => {
    daemon = await start();
    const second = command(folder.path, ['start']);
    expect(second.code).toBe(1);
    expect(second.err).toBe(
      `Another Silentgate (process ${daemon.pid}) already runs on the folder ${join(folder.path, 'data')}. Ask it how it is: silentgate doctor. A second gateway needs another "data" folder; what needs this folder alone, such as restore, waits until that gateway was stopped.\n`,
    );
    expect((await daemon.request('/health')).ok).toBe(true);
    expect(command(folder.path, ['doctor']).out).toContain('ok    configuration');
  });

  it('that a newer Silentgate wrote is refused and left as it is', async () => {
    daemon = await start();
    await daemon.stop();
    const file = join(folder.path, 'data/silentgate.db');
    const version = (set: number) => {
      const db = new Database(file);
      const before = db.pragma('user_version', { simple: true });
      db.pragma(`user_version = ${set}`);
      db.close();
      return before as number;
    };
    const ours = version(99);
    for (const args of [['start'], ['key', 'list'], ['rebuild-stock'], ['backup', 'x.db']]) {
      const refused = command(folder.path, args);
      expect(refused.err).toContain('A newer Silentgate wrote this database (schema 99, this program knows');
      expect(refused.err.trim().split('\n')).toHaveLength(1);
      expect(refused.code).toBe(1);
    }
    expect(version(ours)).toBe(99);
    daemon = await start();
    expect((await daemon.request('/health')).ok).toBe(true);
  });

  it('of another site is refused to every command that opens it, and can be taken over on purpose', async () => {
    daemon = await start();
    expect(await daemon.stop()).toBe(0);
    expect(command(folder.path, ['backup', 'shop.backup']).code).toBe(0);
    const config2 = config.replace('folder-test', 'branch-2');
    writeFileSync(join(folder.path, 'silentgate.yaml'), config2);
    writeFileSync(join(folder.path, 'products.csv'), 'gtin,name\n04710088000019,x\n');
    const before = readdirSync(join(folder.path, 'data')).sort();
    for (const args of [
      ['start'],
      ['check'],
      ['key', 'list'],
      ['rebuild-stock'],
      ['backup', 'x.backup'],
      ['products', 'import', 'products.csv'],
      ['restore', 'shop.backup'],
    ]) {
      const refused = command(folder.path, args);
      expect(refused.err, args.join(' ')).toContain(
        'belongs to the site folder-test, and the configuration is of the site branch-2',
      );
      expect(refused.err.trim().split('\n')).toHaveLength(1);
      expect(refused.code).toBe(1);
    }
    expect(readdirSync(join(folder.path, 'data')).sort()).toEqual(before);
    expect(command(folder.path, ['restore', 'shop.backup', '--adopt']).code).toBe(0);
    daemon = await startDaemon(folder.path, config2);
    expect((await daemon.request('/health')).ok).toBe(true);
  });

  it('with a damaged database is refused in one line that names restore, and works again after it', async () => {
    daemon = await start();
    await daemon.stop();
    expect(command(folder.path, ['backup', 'shop.backup']).code).toBe(0);
    const file = join(folder.path, 'data/silentgate.db');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096 * 4, 4096 * 6);
    writeFileSync(file, bytes);
    const refused = command(folder.path, ['start']);
    expect(refused.err).toMatch(
      /^The database .*silentgate.db is damaged \(.*\): restore the last backup with silentgate restore\.\n$/,
    );
    expect(refused.code).toBe(1);
    expect(command(folder.path, ['doctor']).out).toMatch(/^FAIL {2}database: .*damaged.*\n.*silentgate restore FILE/m);
    expect(command(folder.path, ['restore', 'shop.backup']).code).toBe(0);
    daemon = await start();
    expect(await daemon.get('/health')).toMatchObject({ ready: true });
  });

  it('in which a page is damaged while the gateway runs makes health and doctor fail, and says what to do', async () => {
    daemon = await start();
    await daemon.stop();
    // what the first start wrote stands in the file now, and no longer in the log
    daemon = await start();
    const file = join(folder.path, 'data/silentgate.db');
    const db = new Database(file);
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096);
    writeFileSync(file, bytes);
    // a write of another process, so that the gateway reads the file again
    db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
    db.close();
    await daemon.request('/stock');
    const gateway = daemon;
    const health = await eventually(
      async () => (await gateway.request('/health')).json() as Promise<{ ready: boolean }>,
      ({ ready }) => !ready,
    );
    expect(health).toMatchObject({ status: 'failing', ready: false });
    const doctor = command(folder.path, ['doctor']);
    expect(doctor.out).toMatch(/FAIL {2}store: The database is damaged/);
    expect(doctor.out).toContain('→ Stop the gateway and restore the last backup: silentgate restore FILE.');
    expect(doctor.code).toBe(1);
    await daemon.kill();
    daemon = null;
  });

  it('with more present tags than the memory limit holds is refused with need and limit, and no abort', async () => {
    daemon = await start();
    await daemon.stop();
    const db = new Database(join(folder.path, 'data/silentgate.db'));
    const row = db.prepare('INSERT INTO strangers VALUES (1, ?, 1, 0xE2, 1, 1, 1, -50, @now, @now, 1)');
    db.transaction(() => {
      for (let n = 0; n < 100_000; n++) row.run(`tag-${n}`, { now: Date.now() });
    })();
    db.close();
    const { err, code } = command(folder.path, ['start'], undefined, { NODE_OPTIONS: '--max-old-space-size=64' });
    expect(err).toMatch(
      /^100000 tags are present and need a memory limit of \d+ MB, but it is \d+ MB: raise .*--max-old-space-size=\d+\)\.\n$/,
    );
    expect(code).toBe(1);
  });
});
