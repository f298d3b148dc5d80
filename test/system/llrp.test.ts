import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/index.ts';
import { loadProfiles } from '../../src/readers/index.ts';
import { OUR_ROSPEC } from '../../src/readers/llrp/requests.ts';
import { type LlrpSimulator, startLlrpSimulator } from '../../src/readers/llrp/simulator.ts';
import { type Daemon, epcOf, eventually, serials, startDaemon, stockSum, temporaryFolder } from './harness.ts';

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

it('leaves the reader clean when it stops', async () => {
  expect(await daemon.stop()).toBe(0);
  expect(reader.roSpecs()).toEqual([]);
});
