import { afterEach, expect, test } from 'vitest';
import { type Daemon, freePort, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const running: Daemon[] = [];
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.kill();
  folder.remove();
});

const json = { 'content-type': 'application/json' };
const ownPage = { 'sec-fetch-site': 'same-origin' };

test('kill -9: who was signed in still is, who signed out is not, and a revoked key has taken its sessions along', async () => {
  const port = await freePort();
  const config = `site: { id: shop }\ndata: ./data\nhttp: { port: ${port} }\nlocations: [{ id: floor, kind: sales-floor }]\nreadPoints: [{ id: shelf, location: floor, kind: shelf }]\nreaders: []\n`;
  const start = async (text: string | null) => {
    const daemon = await startDaemon(folder.path, text);
    running.push(daemon);
    return daemon;
  };
  const first = await start(config);
  const [kept, lost] = [await createKey(first, 'kept'), await createKey(first, 'lost')];
  const [stays, leaves, revoked] = [
    await signIn(first, kept.key),
    await signIn(first, kept.key),
    await signIn(first, lost.key),
  ];
  const out = await fetch(`${first.url}/api/v1/session`, { method: 'DELETE', headers: { cookie: leaves, ...ownPage } });
  expect(out.status).toBe(204);
  expect((await first.request(`/keys/${lost.id}`, { method: 'DELETE' })).status).toBe(204);
  await first.kill();
  const second = await start(null);
  expect(await whoIs(second, stays)).toEqual([200, 'kept']);
  expect(await whoIs(second, leaves)).toEqual([401, undefined]);
  expect(await whoIs(second, revoked)).toEqual([401, undefined]);
  const page = await fetch(`${second.url}/api/v1/stock`, { headers: { cookie: stays } });
  expect(page.status).toBe(200);
});

async function createKey(daemon: Daemon, name: string): Promise<{ id: string; key: string }> {
  const body = JSON.stringify({ name, scopes: ['stock:read'] });
  const answer = await daemon.request('/keys', { method: 'POST', headers: json, body });
  return (await answer.json()) as { id: string; key: string };
}

async function signIn(daemon: Daemon, key: string): Promise<string> {
  const body = JSON.stringify({ key });
  const answer = await fetch(`${daemon.url}/api/v1/session`, { method: 'POST', headers: json, body });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function whoIs(daemon: Daemon, cookie: string): Promise<[status: number, name: unknown]> {
  const answer = await fetch(`${daemon.url}/api/v1/session`, { headers: { cookie } });
  const { name } = (await answer.json()) as { name?: unknown };
  return [answer.status, name];
}
