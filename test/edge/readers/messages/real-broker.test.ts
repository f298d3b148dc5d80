import mqtt from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { connectMqtt } from '../../../../src/links/index.ts';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { createMessageSimulator } from '../../../../src/simulators/message-simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { startMosquitto } from '../../../fakes/mosquitto.ts';
import { E1, profiles, tags } from './scene.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
  }
}

const deps = { clock: systemClock, log: silentLog, random: Math.random };

async function broker() {
  const mosquitto = await startMosquitto();
  closing.push(() => mosquitto.stop());
  return `mqtt://127.0.0.1:${mosquitto.port}`;
}

/** A gateway's reader on a connection of its own. */
function gateway(url: string, config: Pick<ReaderOptions, 'profile' | 'link'>) {
  const connection = connectMqtt({ url, clientId: `gateway-${Math.random()}`, keepSession: false }, deps);
  closing.push(() => connection.close());
  const profile = profiles.get(config.profile);
  const ports = profile.antennas === 1 ? ['1'] : ['1', '2'];
  const options = { id: 'r1', antennas: Object.fromEntries(ports.map((port) => [port, 'here'])), ...config };
  const reader = openReader({
    supervise: createSupervision,
    config: options,
    profile,
    mqtt: connection,
    onReads: async () => undefined,
    ...deps,
  });
  reader.start();
  closing.push(() => reader.stop());
  connection.open();
  return reader;
}

test('a handheld that vanished before the gateway came is known to be away by its retained last will', async () => {
  const url = await broker();
  const status = 'zebra/MGMT/clients/rfid/1';
  const will = {
    topic: status,
    payload: Buffer.from('{"connectionState":"DISCONNECTED"}'),
    qos: 1,
    retain: true,
  } as const;
  const sled = await mqtt.connectAsync(url, { clientId: 'sled', will });
  await sled.publishAsync(status, '{"connectionState":"CONNECTED"}', { qos: 1, retain: true });
  const link = { mqtt: { topic: 'zebra/DATA/1', statusTopic: status } };
  const early = gateway(url, { profile: 'zebra/rfd40', link });
  await until('birth', () => early.status().online === true);
  sled.stream.destroy();
  sled.end(true);
  await until('will', () => early.status().online === false);
  const late = gateway(url, { profile: 'zebra/rfd40', link });
  await until('retained will', () => late.status().online === false);
  expect(late.status().reachable).toBe(false);
});

test('a Zebra reader is asked, set, and writes a tag over a real broker', async () => {
  const url = await broker();
  const topics = { topic: 'z/data', statusTopic: 'z/events', commandTopic: 'z/cmd', responseTopic: 'z/rsp' };
  const channel = connectMqtt({ url, clientId: 'zebra', keepSession: false }, deps);
  closing.push(() => channel.close());
  const profile = profiles.get('zebra/iot-connector') as MessageProfile;
  const device = createMessageSimulator(profile, { tags, rate: 20, ...deps }, { channel, ...topics });
  closing.push(() => device.stop());
  channel.open();
  const reader = gateway(url, { profile: profile.id, link: { mqtt: topics } });
  await until('reads', () => reader.status().reads > 0);
  expect(await reader.command({ command: 'identify' })).toMatchObject({ outcome: 'done', fields: { model: 'FX7500' } });
  expect(await reader.command({ command: 'configure', settings: { power: 20 } })).toMatchObject({ outcome: 'done' });
  const wanted = '3034257BF7194E4000001A85';
  const result = await reader.command({ command: 'writeEpc', tag: { epc: E1 }, epc: wanted });
  expect(result).toMatchObject({ outcome: 'done', epc: wanted });
  expect([device.memoryOf(E1)?.epc(), device.mode()['transmitPower']]).toEqual([wanted, 20]);
});
