import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/index.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { OUR_ROSPEC } from '../../src/readers/llrp/requests.ts';
import { type LlrpSimulator, startLlrpSimulator } from '../../src/simulators/llrp/simulator.ts';
import {
  background,
  type Daemon,
  epcOf,
  eventually,
  serials,
  startDaemon,
  stockSum,
  temporaryFolder,
} from './harness.ts';

const folder = temporaryFolder();
const tags = serials(1, 31).map((serial) => ({ epc: epcOf(serial), antenna: 1 + (serial % 2), rssi: -50 }));
let reader: LlrpSimulator;
let daemon: Daemon;

type ReaderRow = { link: { state: string }; online: boolean; identity: string; reads: number };

beforeAll(async () => {
  const profile = loadProfiles([join(process.cwd(), 'firmware-profiles/impinj/llrp.json')]).get('impinj/llrp');
  if (profile.kind !== 'llrp') throw new Error('impinj/llrp is no LLRP profile');
  const behaviour = { tags, rate: 200, clock: systemClock, random: Math.random };
  reader = await startLlrpSimulator(profile, behaviour, { host: '127.0.0.1', port: 0 });
  daemon = await startDaemon(
    folder.path,
    `site: { id: llrp-test, name: 測試店 }
http: { host: 127.0.0.1, port: 0 }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor, name: 賣場 }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - id: ceiling
    profile: impinj/llrp
    link: { tcp: { host: 127.0.0.1, port: ${reader.port} } }
    antennas: { 1: shelf-1, 2: shelf-1 }
    power: 25
    session: 1
`,
  );
});

afterAll(async () => {
  await daemon?.stop();
  await reader?.stop();
  folder.remove();
});

it('puts what an LLRP reader sees into stock, and shows who the reader is', async () => {
  expect(
    await eventually(
      () => stockSum(daemon),
      (sum) => sum === tags.length,
    ),
  ).toBe(tags.length);
  expect(await daemon.get<ReaderRow>('/readers/ceiling')).toMatchObject({
    link: { state: 'open' },
    online: true,
    identity: 'Impinj Speedway R420, firmware 5.14.0.240, region US, 4 antennas',
  });
});

it('goes on after a kill with what the dead gateway left in the reader', async () => {
  await daemon.kill();
  expect(reader.roSpecs()).toEqual([OUR_ROSPEC]);
  daemon = await startDaemon(folder.path, null);
  const row = await eventually(
    () => daemon.get<ReaderRow>('/readers/ceiling'),
    ({ reads }) => reads > 100,
  );
  expect(row.reads).toBeGreaterThan(100);
  expect(await stockSum(daemon)).toBe(tags.length);
});

const tag = epcOf(1);
/** `silentgate reader` beside the gateway; the simulated reader is in this process, and must be let answer. */
async function ask(...words: string[]) {
  const run = background(folder.path, ['reader', ...words, '--json']);
  await run.ended();
  return JSON.parse(run.output()) as Record<string, unknown>;
}

it('is asked who it is, set and stopped by hand', async () => {
  expect(await ask('identify', 'ceiling')).toMatchObject({
    outcome: 'done',
    fields: { maker: 'Impinj', model: 'Speedway R420', serial: '370-17-46-0001', region: 'US' },
  });
  expect(await ask('configure', 'ceiling', '--power', '22.5', '--session', '0')).toMatchObject({ outcome: 'done' });
  expect(reader.settingsOf(1)).toMatchObject({ dbm: 22.5, session: 0 });
  expect(await ask('configure', 'ceiling', '--power', '33')).toMatchObject({ outcome: 'refused', error: 'parameter' });
  expect(await ask('stop', 'ceiling')).toMatchObject({ outcome: 'done' });
  expect(reader.roSpecs()).toEqual([]);
  expect(await ask('start', 'ceiling')).toMatchObject({ outcome: 'done' });
  expect(reader.roSpecs()).toEqual([OUR_ROSPEC]);
});

it('gives a tag another EPC, which is in stock then, while the others go on being read', async () => {
  expect(await ask('read', 'ceiling', '--epc', tag, '--bank', 'tid', '--words', '6')).toMatchObject({
    outcome: 'done',
    data: reader.memories()[0]?.tid,
  });
  const other = epcOf(1_001);
  expect(await ask('write-epc', 'ceiling', other, '--epc', tag)).toMatchObject({ outcome: 'done', epc: other });
  expect(reader.memories()[0]?.epc()).toBe(other);
  const item = () => daemon.request(`/items/${other}`).then(({ status }) => status);
  expect(await eventually(item, (status) => status === 200)).toBe(200);
  expect(await ask('write', 'ceiling', 'CAFE', '--epc', tag, '--word', '0')).toMatchObject({ error: 'noTag' });
});

it('leaves the reader clean when it stops', async () => {
  expect(await daemon.stop()).toBe(0);
  expect(reader.roSpecs()).toEqual([]);
});
