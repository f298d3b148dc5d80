import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bin, command, epcOf, eventually, startDaemon, temporaryFolder } from './harness.ts';

const config = `site: { id: full-test }
http: { port: 0 }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - { id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 }, map: { list: [reads], id: [{ path: epc }] } }
`;

let folder: { path: string; remove(): void };
let child: ChildProcess | null;
const mounts: string[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  child = null;
});
afterEach(async () => {
  child?.kill('SIGKILL');
  if (child !== null && child.exitCode === null) await once(child, 'close');
  for (const path of mounts.splice(0)) spawnSync('umount', [path]);
  folder.remove();
});

/** A disk of 2 MB, or false where this user may mount none. */
function mounted(path: string): boolean {
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path]).status === 0;
  if (isMounted) mounts.push(path);
  return isMounted;
}

/** Fills the disk to its last byte. */
function fill(path: string): void {
  const file = openSync(join(path, 'ballast'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}

/** Starts the gateway; its address stands in its log, because the disk has no room for run.json. */
async function start(path: string): Promise<{ url: string; output: () => string }> {
  const started = spawn(process.execPath, [bin, 'start'], { cwd: path, stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  let text = '';
  started.stdout.on('data', (chunk) => (text += chunk));
  started.stderr.on('data', (chunk) => (text += chunk));
  const url = await eventually(
    async () => /"url":"(http[^"]+)"/.exec(text)?.[1] ?? null,
    (found) => found !== null || started.exitCode !== null,
  );
  if (url === null) throw new Error(`it ended with ${started.exitCode}: ${text}`);
  return { url, output: () => text };
}

const body = (serial: number) => JSON.stringify({ reads: [{ epc: epcOf(serial) }, { epc: epcOf(serial) }] });

it('a gateway that starts on a full disk shows the stock and says so, takes no read, and takes reads again without a restart', async ({
  skip,
}) => {
  if (!mounted(folder.path)) skip('this user may not mount a small disk');
  const daemon = await startDaemon(folder.path, config);
  const key = command(folder.path, ['key', 'create', '--name', 'test', '--scope', 'all']).out.trim();
  const request = (url: string, path: string, init: RequestInit = {}) =>
    fetch(new URL(`/api/v1${path}`, url), {
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
  const push = async (url: string, serial: number) =>
    (await request(url, '/readers/app-1/reads', { method: 'POST', body: body(serial) })).status;
  const stock = async (url: string) =>
    ((await (await request(url, '/stock')).json()) as { rows: { quantity: number }[] }).rows[0]?.quantity;
  expect(await push(daemon.url, 1)).toBe(200);
  expect(await stock(daemon.url)).toBe(1);
  expect(await daemon.stop()).toBe(0);

  fill(folder.path);
  const { url, output } = await start(folder.path);
  expect(await (await request(url, '/health')).json()).toMatchObject({ status: 'failing', ready: false });
  expect(await stock(url)).toBe(1);
  expect(await push(url, 2)).toBe(507);
  const { checks } = (await (await request(url, '/doctor')).json()) as { checks: { code: string; state: string }[] };
  expect(checks.filter(({ state }) => state === 'fail').map(({ code }) => code)).toEqual([
    'STORE_UNWRITABLE',
    'DISK_FULL',
  ]);
  expect(await stock(url)).toBe(1);
  expect(command(folder.path, ['doctor']).out).toMatch(
    /^FAIL {2}disk: The disk that holds .* is full: 0 MB are free\.$/m,
  );

  rmSync(join(folder.path, 'ballast'));
  await eventually(
    async () => (await (await request(url, '/health')).json()) as { ready: boolean },
    ({ ready }) => ready,
  );
  expect(await push(url, 2)).toBe(200);
  expect(await stock(url)).toBe(2);
  await eventually(
    async () => readdirSync(join(folder.path, 'data')),
    (names) => names.includes('run.json'),
  );
  expect(command(folder.path, ['key', 'list']).out).toContain('test');
  expect(readFileSync(join(folder.path, 'data/gateway.pid'), 'utf8')).toBe(`${child?.pid}\n`);
  expect(statSync(join(folder.path, 'data/run.json')).mode & 0o077).toBe(0);
  expect(output()).toContain('cannot be written');
  child?.kill('SIGTERM');
  if (child !== null) await once(child, 'close');
  expect(child?.exitCode).toBe(0);
}, 120_000);

it('a first start on a full disk is refused in one plain line', ({ skip }) => {
  if (!mounted(folder.path)) skip('this user may not mount a small disk');
  writeFileSync(join(folder.path, 'silentgate.yaml'), config);
  fill(folder.path);
  const { code, err } = command(folder.path, ['start']);
  expect(err).toBe('The disk that holds the database is full: free some space.\n');
  expect(code).toBe(1);
});
