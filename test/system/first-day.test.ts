import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { background, command, eventually, pauseMs, startDaemon, stockSum, temporaryFolder } from './harness.ts';

const checkout = temporaryFolder();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  checkout.remove();
});

type Run = { pid: number; url: string; key: string };
const runIn = (folder: string): Run | null =>
  existsSync(join(folder, 'run.json')) ? (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Run) : null;

async function runAt(folder: string): Promise<Run> {
  const run = await eventually(
    () => runIn(folder),
    (found) => found !== null,
    60,
  );
  if (run === null) throw new Error(`nothing runs on ${folder}`);
  return run;
}

const get = async <T>({ url, key }: Run, path: string): Promise<T> => {
  const answer = await fetch(new URL(`/api/v1${path}`, url), { headers: { authorization: `Bearer ${key}` } });
  return (await answer.json()) as T;
};

/** A CRM that counts what it is sent. */
async function countingCrm(): Promise<{ url: string; requests(): number; close(): void }> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks`, requests: () => requests, close: () => server.close() };
}

describe('the first day in one checkout', () => {
  it('begins with the demo, and its commands need no file', async () => {
    const demo = background(checkout.path, ['start']);
    const run = await runAt(join(checkout.path, 'demo-data'));
    await eventually(
      () => get<{ rows: unknown[] }>(run, '/items'),
      ({ rows }) => rows.length > 0,
      60,
    );
    expect(command(checkout.path, ['reader', 'list']).out).toContain('shelf-1\tmagicrf/m100');
    expect(command(checkout.path, ['doctor']).out).toContain('so this is about the demo store and its ./demo-data');
    expect(command(checkout.path, ['key', 'create', '--name', 'pos', '--scope', 'stock:read']).out).toMatch(/^sg_/);
    expect(command(checkout.path, ['backup', 'demo.db']).code).toBe(0);
    expect(existsSync(join(checkout.path, 'data'))).toBe(false);

    // The first file is written while the demo still runs: each command is about the file's store from now on.
    copyFileSync('docs/examples/silentgate.yaml', join(checkout.path, 'silentgate.yaml'));
    const told = command(checkout.path, ['doctor']).out;
    expect(told).toContain('FAIL  gateway: The gateway does not run.');
    expect(told).toMatch(/warn {2}demo store: The demo store runs from this folder/);
    expect(command(checkout.path, ['reader', 'list'])).toMatchObject({
      code: 1,
      err: expect.stringContaining(`No gateway runs on ${join(checkout.path, 'data')}`),
    });
    expect(existsSync(join(checkout.path, 'data'))).toBe(false);
    expect(await demo.interrupt()).toBe(0);
  });

  it('goes on with the README’s own file: the stock is empty, and the CRM is sent nothing', async () => {
    const crm = await countingCrm();
    const readme = readFileSync('docs/examples/silentgate.yaml', 'utf8');
    const own = readme
      .replace('port: 8080', 'port: 0')
      .replace('port: 1883', 'port: 0')
      .replace('https://crm.example.com/hooks/rfid', crm.url);
    const env = { CRM_SECRET: `whsec_${'c2VjcmV0'.repeat(4)}` };
    const store = await startDaemon(checkout.path, own, env);
    expect(await store.get('/items')).toMatchObject({ rows: [] });
    expect(await store.get('/products')).toMatchObject({ rows: [] });
    expect(await stockSum(store)).toBe(0);
    expect(await store.get('/keys')).toMatchObject({ rows: [] });
    await pauseMs(3000);
    expect(crm.requests()).toBe(0);
    const told = command(checkout.path, ['doctor'], undefined, env).out;
    expect(told).toContain('destination main: Delivery to main is untested: nothing was delivered to it yet.');
    expect(await store.stop()).toBe(0);
    crm.close();
  });

  it('and the demo’s folder is left as it was', () => {
    expect(existsSync(join(checkout.path, 'demo-data/silentgate.db'))).toBe(true);
    expect(command(checkout.path, ['rebuild-stock', '--check']).code).toBe(0);
  });

  it('`npm start -- --config FILE` starts that file’s store, wherever it lies', async () => {
    const elsewhere = temporaryFolder();
    const file = join(elsewhere.path, 'silentgate.yaml');
    writeFileSync(
      file,
      'site: { id: named }\nhttp: { port: 0 }\nlocations: [{ id: a, kind: sales-floor }]\nreadPoints: [{ id: b, location: a, kind: shelf }]\nreaders: []\n',
    );
    const child = spawn('npm', ['start', '--silent', '--', '--config', file], { stdio: 'ignore' });
    children.push(child);
    const run = await runAt(join(elsewhere.path, 'data'));
    expect(command(elsewhere.path, ['doctor']).code).toBe(0);
    process.kill(run.pid, 'SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    elsewhere.remove();
  });
});
