import { afterAll, expect, it } from 'vitest';
import { startAlienReader } from '../fakes/alien-reader.ts';
import { type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const running: Daemon[] = [];
afterAll(async () => {
  for (const daemon of running) await daemon.stop();
  folder.remove();
});

type Reader = { findings: { code: string; text: string }[] };

it('an Alien reader that asks for a login is read once the configured secret is right, and doctor says why it was not before', async () => {
  const alien = await startAlienReader();
  alien.allow('store', 'open sesame');
  const config = `site: { id: alien-test }
http: { port: 0 }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - { id: dock-1, profile: alien/f800, link: { tcp: { host: 127.0.0.1, port: ${alien.port} } },
      login: { username: store, password: { env: ALIEN_PASSWORD } }, antennas: { 1: shelf-1 } }
`;
  const wrong = await startDaemon(folder.path, config, { ALIEN_PASSWORD: 'open barley' });
  const refused = await eventually(
    () => wrong.get<Reader>('/readers/dock-1'),
    ({ findings }) => findings[0]?.code === 'READER_LOGIN_REFUSED',
  );
  expect(refused.findings[0]?.text).toContain('does not let the gateway in');
  await wrong.stop();
  expect(wrong.output()).not.toContain('open barley');
  expect(new Set(alien.connections.flat())).toEqual(new Set(['store', 'open barley']));
  const right = await startDaemon(folder.path, null, { ALIEN_PASSWORD: 'open sesame' });
  running.push(right);
  const item = await eventually(
    () => right.request('/items/3034257BF7194E4000001A85'),
    ({ status }) => status === 200,
  );
  expect(await item.json()).toMatchObject({ location: 'floor', readPoint: 'shelf-1' });
  await alien.close();
});
