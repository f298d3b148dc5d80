import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '../../src/kit/index.ts';
import { connectMqtt } from '../../src/links/index.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { writeParameter } from '../../src/protocols/llrp/tree.ts';
import { type Simulator, startSimulator } from '../../src/simulators/index.ts';
import type { LlrpFaults } from '../../src/simulators/llrp/simulated-faults.ts';
import { type LlrpSimulator, startLlrpSimulator } from '../../src/simulators/llrp/simulator.ts';
import { command, type Daemon, epcOf, eventually, freePort, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const profiles = loadProfiles([`${process.cwd()}/firmware-profiles`]);
const behaviour = { tags: [], rate: 0, clock: systemClock, random: Math.random };
const readers = new Map<string, LlrpSimulator>();
const modules: Simulator[] = [];
let daemon: Daemon;
let mqttPort = 0;

async function ceiling(id: string, faults: LlrpFaults, settings = ''): Promise<string> {
  const profile = profiles.get('generic/llrp');
  if (profile.kind !== 'llrp') throw new Error('no LLRP profile');
  const reader = await startLlrpSimulator(profile, behaviour, { host: '127.0.0.1', port: 0 });
  reader.setFaults(faults);
  readers.set(id, reader);
  const link = `{ tcp: { host: 127.0.0.1, port: ${reader.port} } }`;
  return `  - { id: ${id}, profile: generic/llrp, link: ${link}, antennas: { 1: shelf-1 }${settings} }`;
}

async function desk(id: string, tags: readonly { epc: string; antenna: number; rssi: number }[]): Promise<string> {
  const profile = profiles.get('magicrf/m100');
  const link = { tcp: { host: '127.0.0.1', port: 0 } };
  const simulator = await startSimulator({ ...behaviour, profile, link, tags, rate: 50 });
  modules.push(simulator);
  const [, port] = simulator.address.split(':');
  return `  - { id: ${id}, profile: magicrf/m100, link: { tcp: { host: 127.0.0.1, port: ${port} } }, antennas: { 1: far } }`;
}

beforeAll(async () => {
  mqttPort = await freePort();
  const rows = [
    await ceiling('antenna', {}),
    await ceiling('region', {}, ', region: EU'),
    await ceiling('power', {}, ', power: 39'),
    await ceiling('rospec', { refuse: 'ADD_ROSPEC' }),
    await ceiling('taken', { busy: true }),
    await desk('filter', [{ epc: epcOf(1), antenna: 1, rssi: -60 }]),
    '  - { id: portal, profile: impinj/r700, link: { mqtt: { topic: portal/events } }, antennas: { 1: shelf-1 } }',
  ];
  daemon = await startDaemon(
    folder.path,
    `site: { id: why-test, name: 測試店 }
http: { host: 127.0.0.1, port: 0 }
mqtt: { broker: embedded, host: 127.0.0.1, port: ${mqttPort} }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor, name: 賣場 }]
readPoints:
  - { id: shelf-1, location: floor, kind: shelf }
  - { id: far, location: floor, kind: shelf, minRssi: -50 }
readers:
${rows.join('\n')}
`,
  );
});

afterAll(async () => {
  await daemon?.stop();
  for (const reader of [...readers.values(), ...modules]) await reader.stop();
  folder.remove();
});

type Check = { name: string; code: string; state: string; text: string; next: string | null };
const codesOf = async (id: string) => {
  const { checks } = await daemon.get<{ checks: Check[] }>('/doctor');
  return checks.filter(({ name }) => name === `reader ${id}`).map(({ code }) => code);
};

describe('a running gateway says why a reader reads nothing', () => {
  it.each([
    ['region', 'READER_REGION_REFUSED'],
    ['power', 'READER_POWER_REFUSED'],
    ['rospec', 'READER_ROSPEC_REFUSED'],
    ['taken', 'READER_IN_USE'],
    ['filter', 'READER_ALL_WEAK'],
  ])('%s', async (id, code) => {
    expect(
      await eventually(
        () => codesOf(id),
        (codes) => codes.includes(code),
      ),
    ).toContain(code);
  });

  it('antenna', async () => {
    await eventually(
      () => codesOf('antenna'),
      ([code]) => code === 'READER_WAITING',
    );
    readers.get('antenna')?.tell(writeParameter('AntennaEvent', { kind: 0, antenna: 1 }));
    expect(
      await eventually(
        () => codesOf('antenna'),
        ([code]) => code === 'READER_ANTENNAS_OFF',
      ),
    ).toContain('READER_ANTENNAS_OFF');
  });

  it('GPI trigger', async () => {
    const settings = { url: `mqtt://127.0.0.1:${mqttPort}`, clientId: 'portal', keepSession: false };
    const reader = connectMqtt(settings, { clock: systemClock, log: silentLog, random: Math.random });
    reader.open();
    await eventually(
      async () => reader.state().state,
      (state) => state === 'open',
    );
    const at = new Date(Date.now() - 5 * 60_000).toISOString();
    const armed = { timestamp: at, inventoryStatusEvent: { status: 'armed' } };
    await reader.publish('portal/events', JSON.stringify(armed), { qos: 1 });
    // Not at once: a trigger may come the next moment.
    expect(
      await eventually(
        () => codesOf('portal'),
        ([code]) => code === 'READER_ARMED',
      ),
    ).toContain('READER_ARMED');
    await reader.close();
  }, 120_000);

  it('and so does the command, in plain words, each with what to do', async () => {
    const { out, code } = command(folder.path, ['doctor']);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  reader region: Reader region reads nothing because its region is not settled.');
    expect(out).toContain('→ Set power in the configuration to what the reader and its region allow.');
    expect(out).toContain('too weak');
  });

  it('and what was learned is on disk when it has stopped', async () => {
    expect(await daemon.stop()).toBe(0);
    const known = JSON.parse(readFileSync(`${folder.path}/data/baselines.json`, 'utf8')) as object;
    expect(Object.keys(known)).toContain('filter');
  });
});
