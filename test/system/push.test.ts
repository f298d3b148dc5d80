import { afterAll, expect, it } from 'vitest';
import { command, type Daemon, epcOf, freePort, pauseMs, serials, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const kills = Number(process.env['PUSH_KILLS'] ?? 5);
const perRound = 40;

type Post = { readonly url: string; readonly key: string };

async function post({ url, key }: Post, body: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v1/readers/app-1/reads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    });
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** An app that sees each tag twice and sends what it saw until somebody says that it was taken. */
function bodyOf(serial: number): string {
  const at = Date.now() - 60_000;
  const reads = [0, 1].map((i) => ({ epc: epcOf(serial), antenna: 1, rssi: -50, at: at + i, seq: 2 * serial + i }));
  return JSON.stringify({ reads });
}

it(`loses no pushed read that was acknowledged in ${kills} kill -9s, and a body sent again has no second effect`, async () => {
  const port = await freePort();
  const config = `site: { id: push-test }
http: { port: ${port} }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }]
readPoints: [{ id: dock-in, location: back, kind: portal, bizStep: receiving }]
readers: [{ id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: dock-in } }]
`;
  let daemon: Daemon = await startDaemon(folder.path, config);
  const made = command(folder.path, ['key', 'create', '--name', 'app', '--scope', 'reads:write']);
  const door = { url: `http://127.0.0.1:${port}`, key: /sg_\S+/.exec(made.out)?.[0] ?? '' };
  let serial = 0;
  let retried = 0;
  for (let kill = 0; kill < kills; kill++) {
    const pending = serials(serial, serial + perRound).map(bodyOf);
    serial += perRound;
    const first = (async () => {
      const unanswered: string[] = [];
      for (const body of pending) if (!(await post(door, body))) unanswered.push(body);
      return unanswered;
    })();
    await pauseMs(20 + Math.random() * 150);
    await daemon.kill();
    const unanswered = await first;
    daemon = await startDaemon(folder.path, null);
    retried += unanswered.length;
    for (const body of unanswered) expect(await post(door, body)).toBe(true);
    // Whoever is not sure sends again what was answered: the last one before the kill.
    for (const body of pending.slice(-2)) expect(await post(door, body)).toBe(true);
  }
  const { rows } = await daemon.get<{ rows: { quantity: number }[] }>('/stock');
  const arrivals = await Promise.all(
    serials(0, serial).map(async (n) => {
      const { rows } = await daemon.get<{ rows: { type: string }[] }>(`/items/${epcOf(n)}/history`);
      return rows.filter(({ type }) => type === 'item.arrived').length;
    }),
  );
  const check = command(folder.path, ['rebuild-stock', '--check']);
  await daemon.stop();
  expect(retried).toBeGreaterThan(0);
  expect(arrivals).toEqual(serials(0, serial).map(() => 1));
  expect(rows.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(serial);
  expect(check.out).toContain('Stock equals');
}, 600_000);
