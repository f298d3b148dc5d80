import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bin, epcOf, freePort, pauseMs, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('a reader that pushes while the gateway starts comes too early, and never to a gateway that does not know it', async () => {
  const url = `http://127.0.0.1:${await freePort()}/api/v1`;
  writeFileSync(
    join(folder.path, 'silentgate.yaml'),
    `site: { id: starting-test }
http: { host: 127.0.0.1, port: ${new URL(url).port} }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf, location: floor, kind: shelf }]
readers: [{ id: pushed, profile: generic/json, link: { http: {} }, antennas: { 1: shelf } }]
`,
  );
  const seen: { status: number; wasReady: boolean }[] = [];
  for (let start = 0; start < 3; start++) {
    const child = spawn(process.execPath, [bin, 'start'], { cwd: folder.path, stdio: 'ignore' });
    for (const end = Date.now() + 60_000; Date.now() < end && seen.at(-1)?.status !== 200; await pauseMs(1)) {
      const tried = await push(url, start).catch(() => null);
      if (tried !== null) seen.push(tried);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(seen.pop()).toMatchObject({ status: 200 });
  }
  expect(seen.filter(({ status, wasReady }) => status !== 503 || wasReady)).toEqual([]);
}, 120_000);

/** What became of a push, and whether the gateway had said before it that it is ready. Rejects while nobody listens. */
async function push(url: string, serial: number): Promise<{ status: number; wasReady: boolean }> {
  const health = await fetch(`${url}/health`);
  const { ready } = (await health.json()) as { ready: boolean };
  const { key } = JSON.parse(readFileSync(join(folder.path, 'data/run.json'), 'utf8')) as { key: string };
  const answer = await fetch(`${url}/readers/pushed/reads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reads: [{ epc: epcOf(serial), antenna: 1 }] }),
  });
  await answer.arrayBuffer();
  return { status: answer.status, wasReady: ready };
}
