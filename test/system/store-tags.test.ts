import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { command, type Daemon, eventually, startDaemon, temporaryFolder } from './harness.ts';

/** A store's own bit fields: AB in front, then a GTIN-13 in 44 bits, a serial, the season as text. */
const schemes = `tags:
  companyPrefixes: lengths.json
  schemes:
    - name: house
      fields:
        - { name: mark, bits: 16, as: hex, equals: "AB01" }
        - { name: gtin, bits: 44, as: digits, size: 13 }
        - { name: serial, bits: 22, as: number }
        - { name: season, bits: 14, as: ascii7 }
`;
const folder = temporaryFolder();
let mosquitto: Mosquitto;
let daemon: Daemon;

beforeAll(async () => {
  mosquitto = await startMosquitto();
  writeFileSync(join(folder.path, 'lengths.json'), JSON.stringify([{ prefix: '9520198', gcpLength: 7 }]));
  daemon = await startDaemon(
    folder.path,
    `site: { id: own-tags }
http: { port: 0 }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
${schemes}inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
  - id: node-1
    profile: generic/json
    link: { mqtt: { topic: nodes/one } }
    antennas: { 1: shelf-1 }
    map: { id: [{ path: epc }], pc: [{ path: pc, encoding: hex }] }
`,
  );
});
afterAll(async () => {
  await daemon?.stop();
  await mosquitto?.stop();
  folder.remove();
});

function publish(message: object): void {
  for (let times = 0; times < 2; times++) {
    const to = ['-p', String(mosquitto.port), '-q', '1', '-t', 'nodes/one', '-s'];
    expect(spawnSync('mosquitto_pub', to, { input: JSON.stringify(message) }).status).toBe(0);
  }
}

const item = (epc: string) => daemon.get<Record<string, unknown>>(`/items/${encodeURIComponent(epc)}`);
const found = async (epc: string) => (await daemon.request(`/items/${encodeURIComponent(epc)}`)).ok;

describe('tags that the configuration explains', () => {
  const urn = 'urn:silentgate:tag:house:9506000134352.77.SS';

  it('are written and read by the commands with the same file', () => {
    const file = join(folder.path, 'silentgate.yaml');
    const written = command(folder.path, ['encode', urn, '--config', file]);
    expect(written).toMatchObject({ code: 0, err: '' });
    const read = command(folder.path, ['decode', written.out.trim(), '--json', '--config', file]);
    expect(JSON.parse(read.out)).toMatchObject({
      ok: true,
      scheme: 'house',
      hex: written.out.trim(),
      tagUri: urn,
      fields: { mark: 'AB01', gtin: '9506000134352', serial: '77', season: 'SS' },
    });
    const given = ['--config', file, '--scheme', 'house'];
    expect(command(folder.path, ['encode', written.out.trim(), ...given]).out).toBe(written.out);
    expect(command(folder.path, ['decode', written.out.trim()]).code).toBe(1);
  });

  it('become items, and stock counts them under the GTIN they hold', async () => {
    const file = join(folder.path, 'silentgate.yaml');
    const hex = command(folder.path, ['encode', urn, '--config', file]).out.trim();
    publish({ epc: hex });
    await eventually(() => found(hex), Boolean);
    expect(await item(urn)).toMatchObject({ id: urn, scheme: 'house', hex, gtin: '09506000134352', epcUri: null });
    const stock = await daemon.get<{ rows: { quantity: number }[] }>('/stock?gtin=09506000134352');
    expect(stock.rows).toMatchObject([{ location: 'floor', quantity: 1 }]);
    const searched = await daemon.get<{ rows: unknown[] }>(`/stock?q=${encodeURIComponent(hex)}`);
    expect(searched.rows).toHaveLength(1);
  });

  it('have an EPC URI where the list knows the length of their company prefix', async () => {
    publish({ epc: 'F70095201987654330254000' });
    await eventually(() => found('F70095201987654330254000'), Boolean);
    const epcUri = 'urn:epc:id:sgtin:9520198.076543.42';
    expect(await item(epcUri)).toMatchObject({ id: 'https://id.gs1.org/01/09520198765433/21/42', epcUri });
  });

  it('are no EPC where their PC word says ISO, whatever they begin with', async () => {
    const hex = '3074257BF7194E4000001A85';
    const raw = `urn:epc:raw:96.xA9.x${hex}`;
    publish({ epc: hex, pc: '31A9' });
    await eventually(() => found(raw), Boolean);
    expect(await item(raw)).toMatchObject({ id: raw, scheme: 'raw', gtin: null });
    expect(await found(hex)).toBe(false);
  });

  it('are found by their bits even where nothing explains them', async () => {
    publish({ epc: '303C83F1B7DD441678901234' });
    await eventually(() => found('303C83F1B7DD441678901234'), Boolean);
    expect(await item('303c83f1b7dd441678901234')).toMatchObject({ id: 'urn:epc:raw:96.x303C83F1B7DD441678901234' });
  });
});
