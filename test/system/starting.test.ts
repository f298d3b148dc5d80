import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bin, command, epcOf, freePort, pauseMs, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('a reader that pushes while the gateway starts comes too early, and never to a gateway that does not know it', async () => {
  const url = `http://127.0.0.1:${await freePort()}/api/v1`;
  writeFileSync(
    join(folder.path, 'silentgate.yaml'),
    `site: { id: starting-test }
http: { host: 127.0.0.1, port: ${new URL(url).port} }
mqtt: { broker: embedded, host: 127.0.0.1, port: ${await freePort()} }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf, location: floor, kind: shelf }]
readers: [{ id: pushed, profile: generic/json, link: { http: {} }, antennas: { 1: shelf } }]
`,
  );
  const key = command(folder.path, ['key', 'create', '--name', 'shelf', '--scope', 'reads:write']).out.trim();
  const early: number[] = [];
  for (let start = 0; start < 3; start++) {
    const child = spawn(process.execPath, [bin, 'start'], { cwd: folder.path, stdio: 'ignore' });
    const [pushed, whenReady] = await Promise.all([
      until(
        () => push(url, key, start),
        (status) => status === 200 || early.push(status) < 0,
      ),
      until(
        () => isReady(url),
        (ready) => ready,
      ).then(() => push(url, key, start)),
    ]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([pushed, whenReady]).toEqual([200, 200]);
  }
  expect(early.filter((status) => status !== 503)).toEqual([]);
}, 120_000);

/** Asks again and again, also where nobody listens. */
async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean): Promise<T | null> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pauseMs(1)) {
    const answer = await ask().catch(() => null);
    if (answer !== null && done(answer)) return answer;
  }
  return null;
}

async function isReady(url: string): Promise<boolean> {
  return ((await (await fetch(`${url}/health`)).json()) as { ready: boolean }).ready;
}

async function push(url: string, key: string, serial: number): Promise<number> {
  const answer = await fetch(`${url}/readers/pushed/reads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reads: [{ epc: epcOf(serial), antenna: 1 }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
}
