import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command, type Daemon, startDaemon, temporaryFolder } from './harness.ts';

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
});
