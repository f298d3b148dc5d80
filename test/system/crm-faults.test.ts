import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CrmReceiver, type Delivery, type Reply, startCrmReceiver } from '../fakes/crm-receiver.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import {
  background,
  command,
  type Daemon,
  epcOf,
  eventually,
  freePort,
  presentSum,
  serials,
  startDaemon,
  stockSum,
  temporaryFolder,
} from './harness.ts';

type Destination = {
  state: string;
  waiting: number;
  dead: number;
  failures: number;
  nextAttemptAt: number | null;
  lastError: string | null;
};

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const folder = temporaryFolder();
const receivers: CrmReceiver[] = [];
let port: number;
let mosquitto: Mosquitto;
let daemon: Daemon;
let config: string;
let next = 1;

beforeAll(async () => {
  mosquitto = await startMosquitto({ config: 'allow_anonymous true\npersistence false\nmax_queued_messages 0\n' });
  receivers.push(await startCrmReceiver(secret));
  port = crm().port;
  config = `site: { id: crm-test }
http: { port: ${await freePort()} }
mqtt: { url: "mqtt://127.0.0.1:${mosquitto.port}" }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }, { id: floor, kind: sales-floor }]
readPoints:
  - { id: dock-in, location: back, kind: portal, bizStep: receiving }
  - { id: shelf-1, location: floor, kind: shelf }
readers:
  - id: node-1
    profile: generic/json
    link: { mqtt: { topic: nodes/one } }
    antennas: { 1: dock-in, 2: shelf-1 }
    map: { list: [reads], id: [{ path: epc }], antenna: [{ path: port }] }
crm: [{ id: main, url: "${crm().url}", secret: { env: CRM_SECRET }, timeoutMs: 3000 }]
`;
  daemon = await start();
});
afterAll(async () => {
  await daemon?.stop();
  await Promise.all([mosquitto?.stop(), ...receivers.map((receiver) => receiver.close())]);
  folder.remove();
});

const start = () => startDaemon(folder.path, config, { CRM_SECRET: secret });
const crm = (): CrmReceiver => receivers.at(-1) as CrmReceiver;
const destination = async () => (await daemon.get<{ rows: Destination[] }>('/destinations')).rows[0] as Destination;
/** Beside the test, because the CRM that answers meanwhile is in the test. */
async function doctor(): Promise<{ out: string; code: number | null }> {
  const run = background(folder.path, ['doctor']);
  const code = await run.ended();
  return { out: run.output(), code };
}
const post = (path: string, body?: unknown) =>
  daemon.request(path, {
    method: 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });

/** Effects over the whole test: a receiver that came back is the same CRM. */
const effects = () => receivers.flatMap((receiver) => receiver.effects());

async function publish(tags: readonly number[], antenna: number): Promise<void> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, { protocolVersion: 4 });
  const reads = tags.flatMap((n) => [n, n]).map((n) => ({ epc: epcOf(n), port: antenna }));
  for (let i = 0; i < reads.length; i += 100) {
    await client.publishAsync('nodes/one', JSON.stringify({ reads: reads.slice(i, i + 100) }), { qos: 1 });
  }
  await client.endAsync();
}

/** `count` new items arrive and are carried to the floor: two events each. Resolves when both are on our disk. */
async function carry(count: number): Promise<readonly number[]> {
  const [tags, before, begun] = [serials(next, next + count), await stockSum(daemon), Date.now()];
  next += count;
  await publish(tags, 1);
  await eventually(
    () => stockSum(daemon),
    (n) => n === before + count,
    60,
  );
  await publish(tags, 2);
  const onFloor = async () =>
    (await daemon.get<{ rows: { location: string; quantity: number }[] }>('/stock?location=floor')).rows.reduce(
      (sum, row) => sum + row.quantity,
      0,
    );
  expect(await eventually(onFloor, (n) => n === before + count, 60)).toBe(before + count);
  console.log(`${count} items read and moved while the CRM was as told: on disk after ${Date.now() - begun} ms`);
  return tags;
}

/** Waits until the CRM has all but `dead` of the events of all items so far. */
async function expectAllDelivered(dead = 0): Promise<void> {
  const all = 2 * (next - 1) - dead;
  expect(
    await eventually(
      () => effects().length,
      (n) => n >= all,
      120,
    ),
  ).toBe(all);
  const settled = await eventually(destination, ({ state, waiting }) => state === 'ok' && waiting === 0, 60);
  expect(settled).toMatchObject({ state: 'ok', waiting: 0, dead });
  expectOrder();
}

/** Each event once, under one body, signed; of each item its arrival before its move. */
function expectOrder(): void {
  const seen = new Map<string, string[]>();
  for (const { subject, type } of effects()) seen.set(subject, [...(seen.get(subject) ?? []), type]);
  const wrong = [...seen].filter(
    ([, types]) => !['item.arrived', 'item.arrived item.moved', 'item.moved'].includes(types.join(' ')),
  );
  expect(wrong).toEqual([]);
  expect(new Set(effects().map(({ id }) => id)).size).toBe(effects().length);
  for (const receiver of receivers) {
    expect(receiver.changed).toEqual([]);
    expect(receiver.deliveries.every(({ signed }) => signed)).toBe(true);
  }
}

describe('a CRM that does not take events', () => {
  it('takes them while all is well: so many items in so much time', async () => {
    await carry(200);
    await expectAllDelivered();
    expect((await doctor()).out).toContain('ok    destination main: Delivery to main works');
  });

  it('refusing connections: reads go on, doctor tells it, and all comes when it is back', async () => {
    await crm().close();
    const had = effects().length;
    await carry(200);
    const told = await eventually(destination, ({ state }) => state === 'retrying');
    expect(told).toMatchObject({ state: 'retrying', dead: 0 });
    expect(told.waiting).toBe(400);
    expect(told.lastError).toContain('ECONNREFUSED');
    expect(effects().length).toBe(had);
    const { out } = await doctor();
    expect(out).toContain('warn  destination main: Delivery to main fails at present');
    expect(out).toMatch(/400 events wait, the oldest for \d+ s/);
    expect(out).toContain('Nothing is lost and it is tried again by itself');
    receivers.push(await startCrmReceiver(secret, port));
    await expectAllDelivered();
  });

  it('slow: what waits is told, and reads go on', async () => {
    crm().answer(() => ({ status: 202, afterMs: 2500 }));
    await carry(300);
    expect((await destination()).waiting).toBeGreaterThan(0);
    expect((await doctor()).out).toMatch(/ok {4}destination main: Delivery to main works; \d+ events wait/);
    crm().answer(() => ({ status: 202 }));
    await expectAllDelivered();
  });

  it('silent: the answer is waited for 3 s, then it is tried again under the same ids', async () => {
    crm().answer(() => ({ hang: true }));
    await carry(100);
    const told = await eventually(destination, ({ state }) => state === 'retrying');
    expect(told.lastError).toContain('no answer within 3000 ms');
    expect((await doctor()).out).toContain(`fails at present: ${told.lastError}`);
    crm().answer(() => ({ status: 202 }));
    await expectAllDelivered();
  });

  it('429 with Retry-After: nothing is sent before that time', async () => {
    const asked: number[] = [];
    const refuse = (delivery: Delivery): Reply => {
      if (asked.length > 0 && delivery.at - Math.max(...asked) > 500) return { status: 202 };
      asked.push(delivery.at);
      return { status: 429, headers: { 'retry-after': '12' }, body: 'slow down' };
    };
    crm().answer(refuse);
    await carry(100);
    const told = await eventually(destination, ({ state }) => state === 'retrying');
    expect(told.lastError).toContain('HTTP 429');
    expect((await doctor()).out).toContain('Delivery to main fails at present: HTTP 429: slow down');
    await expectAllDelivered();
    const after = crm().deliveries.filter(({ at }) => at > Math.max(...asked));
    expect((after[0]?.at ?? 0) - Math.max(...asked)).toBeGreaterThanOrEqual(11_990);
  });

  it('500s: retried until it is well, nothing among the dead letters', async () => {
    crm().answer(() => ({ status: 500, body: 'out of order' }));
    await carry(100);
    const told = await eventually(destination, ({ state }) => state === 'retrying');
    expect(told).toMatchObject({ dead: 0 });
    expect(told.lastError).toContain('HTTP 500');
    expect((await doctor()).out).toContain('Delivery to main fails at present: HTTP 500: out of order');
    crm().answer(() => ({ status: 202 }));
    await expectAllDelivered();
  });

  it('422 for one event in a thousand: that one is set aside with its reason, the others arrive; it can be sent again', async () => {
    let poison = '';
    crm().answer(({ events }) => {
      if (poison === '') poison = events[events.length >> 1]?.id ?? '';
      return events.some(({ id }) => id === poison) ? { status: 422, body: 'no such product' } : { status: 202 };
    });
    await carry(500);
    await expectAllDelivered(1);
    expect(effects().some(({ id }) => id === poison)).toBe(false);
    const letters = await daemon.get<{ rows: { seq: number; eventId: string; reason: string; status: number }[] }>(
      '/destinations/main/dead-letters',
    );
    expect(letters.rows).toEqual([expect.objectContaining({ eventId: poison, status: 422 })]);
    expect(letters.rows[0]?.reason).toContain('no such product');
    const { out } = await doctor();
    expect(out).toContain('warn  destination main: 1 event was refused for good by main.');
    expect(out).toContain('resend them');

    crm().answer(() => ({ status: 202 }));
    const sent = await post('/destinations/main/resend', { seqs: [letters.rows[0]?.seq] });
    expect(await sent.json()).toEqual({ resent: 1 });
    await eventually(
      () => effects().length,
      (n) => n === 2 * (next - 1),
    );
    expect(effects().some(({ id }) => id === poison)).toBe(true);
    expect(await eventually(destination, ({ dead, waiting }) => dead + waiting === 0)).toMatchObject({ dead: 0 });
  });

  it('410 gone: switched off until it is enabled, over a restart too; nothing is lost meanwhile', async () => {
    crm().answer(() => ({ status: 410 }));
    await carry(100);
    expect(await eventually(destination, ({ state }) => state === 'disabled')).toMatchObject({
      state: 'disabled',
      dead: 0,
      waiting: 200,
    });
    const found = await doctor();
    expect(found.code).toBe(1);
    expect(found.out).toContain('FAIL  destination main: Delivery to main is switched off: HTTP 410');
    expect(found.out).toContain('POST /api/v1/destinations/main/enable');
    crm().answer(() => ({ status: 202 }));
    const posts = crm().deliveries.length;
    expect(await daemon.stop()).toBe(0);
    daemon = await start();
    await carry(100);
    expect(await destination()).toMatchObject({ state: 'disabled', waiting: 400 });
    expect(crm().deliveries.length).toBe(posts);
    expect((await post('/destinations/main/enable')).status).toBe(204);
    await eventually(
      () => effects().length,
      (n) => n === 2 * (next - 1),
      60,
    );
    expect(effects().length).toBe(2 * (next - 1));
    expect(await eventually(destination, ({ waiting }) => waiting === 0)).toMatchObject({ state: 'ok', dead: 0 });
  });

  it('in the end: every item once, every event once, stock equal to its log', async () => {
    expect(await stockSum(daemon)).toBe(next - 1);
    expect(await presentSum(daemon)).toBeGreaterThanOrEqual(next - 1);
    expect(new Set(effects().map(({ id }) => id)).size).toBe(2 * (next - 1));
    expect(command(folder.path, ['rebuild-stock', '--check']).out).toContain('Stock equals');
  });
});
