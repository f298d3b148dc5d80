import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CrmReceiver, startCrmReceiver } from '../fakes/crm-receiver.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { command, type Daemon, eventually, freePort, pauseMs, startDaemon, temporaryFolder } from './harness.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const kills = Number(process.env['KILLS'] ?? 25);
const messages = 20_000;
const tags = 4_000;
const folder = temporaryFolder();
const brokerFolder = mkdtempSync(join(tmpdir(), 'silentgate-broker-'));
let mosquitto: Mosquitto;
let crm: CrmReceiver;
let config: string;

beforeAll(async () => {
  mosquitto = await startMosquitto({
    folder: brokerFolder,
    config: 'allow_anonymous true\npersistence false\nmax_queued_messages 0\n',
  });
  crm = await startCrmReceiver(secret);
  config = `site: { id: kill-test }
http: { port: ${await freePort()} }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }]
readPoints: [{ id: dock-in, location: back, kind: portal, bizStep: receiving }]
readers: [{ id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events } }, antennas: { 1: dock-in } }]
crm: [{ id: main, url: "${crm.url}", secret: { env: CRM_SECRET } }]
`;
});
afterAll(async () => {
  await Promise.all([mosquitto?.stop(), crm?.close()]);
  rmSync(brokerFolder, { recursive: true, force: true });
  folder.remove();
});

const start = () => startDaemon(folder.path, config, { CRM_SECRET: secret });
/** SGTIN-96 of one product: header, filter 1, partition 5 as in a published example, then the serial number. */
const epcOf = (tag: number) => `3034257BF7194E40${tag.toString(16).toUpperCase().padStart(8, '0')}`;

/** Which tag message `n` is of: a hundred tags are in the field at a time, and each is read five times before it has gone by. */
const tagOf = (n: number) => Math.floor(n / 500) * 100 + (n % 100);

/** A reader that publishes `count` messages in a row; resolves when the broker has acknowledged them. */
async function openPublisher() {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, {
    clientId: 'reader',
    protocolVersion: 4,
  });
  let sent = 0;
  let lastAt = 0;
  const message = () => {
    // A reader never reports two reads of one tag with one time stamp.
    lastAt = Math.max(Date.now(), lastAt + 1);
    const tagInventoryEvent = { epcHex: epcOf(tagOf(sent++)), antennaPort: 1, peakRssiCdbm: -5500 };
    const event = { timestamp: new Date(lastAt).toISOString(), eventType: 'tagInventory', tagInventoryEvent };
    return client.publishAsync('rfid/dock-1/events', JSON.stringify(event), { qos: 1 });
  };
  return {
    sent: () => sent,
    publish: async (count: number) => {
      for (let left = count; left > 0; left -= 20) {
        await Promise.all(Array.from({ length: Math.min(20, left) }, message));
        await pauseMs(20);
      }
    },
    end: () => client.endAsync(),
  };
}

describe(`kill -9, ${kills} times at random moments during ${messages} QoS 1 messages`, () => {
  it('loses no acknowledged read, keeps stock equal to its log, and each event has one effect at the CRM', async () => {
    let daemon: Daemon = await start();
    const reader = await openPublisher();
    const ready: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      const publishing = reader.publish(messages / kills);
      await pauseMs(5 + Math.random() * 495);
      await daemon.kill();
      daemon = await start();
      ready.push(daemon.readyMs);
      await publishing;
    }
    await reader.end();
    const quantity = async () =>
      (await daemon.get<{ rows: { quantity: number }[] }>('/stock')).rows.reduce((sum, row) => sum + row.quantity, 0);
    expect(await eventually(quantity, (n) => n >= tags, 120)).toBe(tags);
    await eventually(
      () => crm.effects().length,
      (n) => n >= tags,
      60,
    );
    await pauseMs(1000);
    const check = command(folder.path, ['rebuild-stock', '--check']);
    await daemon.stop();

    expect(reader.sent()).toBe(messages);
    expect(check.out).toContain('Stock equals');
    const arrivals = crm.effects().filter((event) => event.type === 'item.arrived');
    expect(new Set(arrivals.map((event) => event.subject)).size).toBe(tags);
    expect(crm.effects()).toHaveLength(tags);
    expect(crm.changed).toEqual([]);
    expect(crm.deliveries.every((delivery) => delivery.signed)).toBe(true);
    ready.sort((a, b) => a - b);
    const events = crm.deliveries.reduce((sum, delivery) => sum + delivery.events.length, 0);
    console.log(
      `${kills} kills: 0 of ${messages} lost; ${tags} effects from ${events} deliveries of events; ready again after p50 ${ready[kills >> 1]} ms, worst ${ready.at(-1)} ms`,
    );
  }, 1_200_000);
});
