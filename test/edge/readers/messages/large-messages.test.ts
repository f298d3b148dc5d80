import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { connectMqtt, type MqttConnection, startBroker } from '../../../../src/links/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import { openReader } from '../../../../src/readers/index.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf } from '../../../../src/tags/index.ts';
import { eventually } from '../../../fakes/eventually.ts';
import { startMosquitto } from '../../../fakes/mosquitto.ts';
import { bareClient } from '../../links/mqtt-help.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const deps = { clock: systemClock, log: silentLog, random: Math.random };
const shipped = join(import.meta.dirname, '../../../../firmware-profiles');
const profiles = loadProfiles([join(shipped, 'impinj/r700.json'), join(shipped, 'zebra/iot-connector.json')]);
const LIMIT = 16 * 1024 * 1024;

type Site = { readonly port: number; readonly connection: MqttConnection };

function profileOf(id: 'impinj/r700' | 'zebra/iot-connector') {
  const profile = profiles.get(id);
  if (profile.kind !== 'messages') throw new Error(`${id} is no profile of messages`);
  return { ...profile, maxPayload: LIMIT };
}

/** The gateway's connection to a broker of that kind, and where readers find it. */
const brokers: Record<string, () => Promise<Site>> = {
  Mosquitto: async () => {
    const mosquitto = await startMosquitto();
    closing.push(() => mosquitto.stop());
    const settings = { url: `mqtt://127.0.0.1:${mosquitto.port}`, clientId: 'gateway', keepSession: true };
    return { port: mosquitto.port, connection: connectMqtt(settings, deps) };
  },
  'the embedded broker': async () => {
    const broker = await startBroker({ host: '127.0.0.1', port: 0 });
    closing.push(() => broker.close());
    return { port: broker.port, connection: broker.connect(deps) };
  },
};

async function site(kind: string, id: 'impinj/r700' | 'zebra/iot-connector') {
  const { port, connection } = await (brokers[kind] as () => Promise<Site>)();
  const seen = new Set<string>();
  const reader = openReader({
    supervise: createSupervision,
    config: { id: 'dock', profile: id, link: { mqtt: { topic: 'rfid/dock' } }, antennas: { '1': 'dock' } },
    profile: profileOf(id),
    mqtt: connection,
    onReads: async (reads) => {
      for (const { epc } of readsOf(reads)) seen.add(epc);
    },
    ...deps,
  });
  reader.start();
  connection.open();
  closing.push(
    () => connection.close(),
    () => reader.stop(),
  );
  const device = await bareClient(port, { clientId: 'device' });
  closing.push(() => device.endAsync(true));
  // What is subscribed is asked for when the connection is open.
  await eventually(async () => {
    await device.publishAsync('rfid/dock', '', { qos: 1 });
    return connection.counts().messages > 0;
  });
  return { reader, seen, device, connection };
}

const epcOf = (serial: number) => `3034257BF7194E40${serial.toString(16).toUpperCase().padStart(8, '0')}`;
const serials = Array.from({ length: 10_000 }, (_, serial) => serial);
/** What fills a report up: member names that no profile reads. */
const filling = 'x'.repeat(400);
const payloads = {
  'impinj/r700': () =>
    serials.map((serial) => ({
      timestamp: new Date().toISOString(),
      eventType: 'tagInventory',
      tagInventoryEvent: { epcHex: epcOf(serial), antennaPort: 1, peakRssiCdbm: -5000, filling },
    })),
  'zebra/iot-connector': () =>
    serials.map((serial) => ({
      data: { idHex: epcOf(serial), antenna: 1, peakRssi: -48, reads: 1, eventNum: serial + 1, filling },
      timestamp: new Date().toISOString(),
      type: 'SIMPLE',
    })),
};

describe.each(Object.keys(brokers))('a message through %s', (kind) => {
  test.each(['impinj/r700', 'zebra/iot-connector'] as const)(
    'of 10,000 tags, several MB long, is read whole: %s',
    async (id) => {
      const { reader, seen, device } = await site(kind, id);
      const payload = JSON.stringify(payloads[id]());
      expect(payload.length).toBeGreaterThan(5_000_000);
      await device.publishAsync('rfid/dock', payload, { qos: 1 });
      await eventually(() => seen.size === 10_000, 30_000);
      expect(reader.status().rejected['TOO_LARGE']).toBeUndefined();
      expect(reader.status().link).toMatchObject({ state: 'open', error: null });
    },
    60_000,
  );

  test('over 16 MiB is counted with its size and the limit, and does not come again; the next one is read', async () => {
    const { reader, seen, device, connection } = await site(kind, 'impinj/r700');
    const sizes = [LIMIT + 1, LIMIT + 5_000_000, 40_000_000];
    for (const size of sizes) await device.publishAsync('rfid/dock', Buffer.alloc(size, 0x20), { qos: 1 });
    await eventually(() => reader.status().rejected['TOO_LARGE'] === 3, 30_000);
    const finding = reader.status().findings.find(({ code }) => code === 'READER_TOO_LARGE');
    expect(finding?.params['limit']).toBe(LIMIT);
    // MQTT 5 counts a message's properties with it.
    expect(Number(finding?.params['size']) - 40_000_000).toBeLessThan(20);
    const [event] = payloads['impinj/r700']();
    await device.publishAsync('rfid/dock', JSON.stringify([event]), { qos: 1 });
    await eventually(() => seen.size === 1);
    expect(connection.state()).toMatchObject({ state: 'open', error: null });
    expect(reader.status().rejected['TOO_LARGE']).toBe(3);
  }, 60_000);

  test('of exactly 16 MiB reaches its reader', async () => {
    const { seen, device } = await site(kind, 'impinj/r700');
    const [event] = payloads['impinj/r700']();
    await device.publishAsync('rfid/dock', JSON.stringify([event]).padEnd(LIMIT), { qos: 1 });
    await eventually(() => seen.size === 1, 30_000);
  }, 60_000);
});
