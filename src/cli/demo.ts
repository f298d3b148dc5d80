import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { completeConfig } from '../config.ts';
import {
  demoCustomer,
  demoProducts,
  demoSecretName,
  demoSettings,
  demoTopics,
  playDays,
  startSampleReceiver,
} from '../demo/index.ts';
import { type Closing, createClosing, GatewayError, type Log, pause, silentLog, systemClock } from '../kit/index.ts';
import { connectMqtt } from '../links/index.ts';
import { type Gateway, startGateway } from '../main.ts';
import { loadProfiles } from '../profiles/index.ts';
import { type Simulator, startSimulator } from '../simulators/index.ts';
import { parseTag } from '../tags/index.ts';
import { createLog } from './log.ts';
import { nextFreePort, runDaemon, sayReady } from './running.ts';
import { shippedProfiles, version, webRoot } from './version.ts';

type ShelfLink = { serial: { path: string } } | { tcp: { host: string; port: number } };

const clock = systemClock;
const rate = 40;

/** The gateway inside has its own 5 s, after what is played to it has ended. */
const closingMs = { work: 500, channels: 5_600, last: 5_900 };

/** The demo store: the gateway with an embedded broker, three simulated readers and a sample CRM. Needs no hardware and no file. */
export async function runDemo(): Promise<void> {
  const log = createLog('info', true);
  const closing = createClosing(clock, log, closingMs);
  await runDaemon({
    log,
    clock,
    start: async (signal) => {
      try {
        await openDemo(log, closing, signal);
      } catch (error) {
        await closing.run().catch(() => undefined);
        throw error;
      }
    },
    stop: closing.run,
    reread: async () => log.info({}, 'the demo store has no configuration file: there is nothing to reread'),
  });
}

async function openDemo(log: Log, closing: Closing, signal: AbortSignal): Promise<void> {
  const say = (text: string) => log.info({}, text);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const crm = await nextFreePort(8090, say, (port) => startSampleReceiver({ host: '127.0.0.1', port, secret, clock }));
  closing.add('last', 'sample CRM', () => crm.close());
  const shelf = await startShelfReader(say);
  closing.add('last', 'shelf reader', () => shelf.simulator.stop());
  const start = { log, say, crmUrl: crm.url, shelfLink: shelf.link, secret, signal };
  const { gateway, mqttPort } = await startOnFreePorts(start);
  closing.add('channels', 'gateway', () => gateway.stop());
  await stock(gateway);
  const readers = await startMqttReaders(mqttPort);
  closing.add('work', 'MQTT readers', readers.close);
  const ending = new AbortController();
  closing.add('work', 'the day', () => ending.abort());
  const all = { dock: readers.dock, front: readers.front, shelf: shelf.simulator };
  void playDays({ stage: { show: (reader, tags) => all[reader].setTags(tags) }, clock, log, signal: ending.signal });
  await untilReadersOpen(gateway, signal);
  signal.throwIfAborted();
  say(`The sample CRM shows what arrived at ${crm.pageUrl}`);
  sayReady(log, gateway);
}

/** A shelf reader in real M100 frames: over a pty where the machine has socat, else over TCP. */
async function startShelfReader(say: (text: string) => void): Promise<{ simulator: Simulator; link: ShelfLink }> {
  const profile = loadProfiles([shippedProfiles]).get('magicrf/m100');
  const behaviour = { profile, tags: [], rate, clock, random: Math.random };
  const path = join(tmpdir(), `silentgate-demo-shelf-${process.pid}`);
  try {
    return { simulator: await startSimulator({ ...behaviour, link: { pty: { path } } }), link: { serial: { path } } };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'LINK_NOT_FOUND') throw error;
    say('There is no socat here, so the shelf reader is reached over TCP instead of a serial line.');
    const simulator = await startSimulator({ ...behaviour, link: { tcp: { host: '127.0.0.1', port: 0 } } });
    return { simulator, link: { tcp: { host: '127.0.0.1', port: Number(simulator.address.split(':').at(-1)) } } };
  }
}

type Start = {
  readonly log: Log;
  readonly say: (text: string) => void;
  readonly crmUrl: string;
  readonly shelfLink: ShelfLink;
  readonly secret: string;
  readonly signal: AbortSignal;
};

/** Starts the gateway; where a port is taken it says so and takes the next. */
async function startOnFreePorts({
  log,
  say,
  crmUrl,
  shelfLink,
  secret,
  signal,
}: Start): Promise<{ gateway: Gateway; mqttPort: number }> {
  const env = { ...process.env, [demoSecretName]: secret };
  const options = { clock, log, webRoot, version: version(), env, signal };
  return nextFreePort(1883, say, (mqttPort) =>
    nextFreePort(8080, say, async (httpPort) => {
      const settings = demoSettings({ httpPort, mqttPort, crmUrl, shelfLink });
      const config = completeConfig(settings, resolve('.'), shippedProfiles);
      return { gateway: await startGateway(config, options), mqttPort };
    }),
  );
}

/** The last line of the log is to be the address: so the readers are let in first, for three seconds at most. */
async function untilReadersOpen(gateway: Gateway, { aborted }: AbortSignal): Promise<void> {
  for (let i = 0; i < 60 && !aborted && gateway.readers().some(({ link }) => link.state !== 'open'); i++)
    await pause(clock, 50);
}

/** The demo's products, and a customer who agreed to be recognised by a card. */
async function stock({ store }: Gateway): Promise<void> {
  await store.putProducts(demoProducts);
  const card = parseTag(demoCustomer.tokenHex);
  if (!card.ok) throw new Error('the demo card does not decode');
  const consent = { given: true, textVersion: 'demo', at: clock.now(), source: 'demo' };
  await store.customers.put({ customer: demoCustomer.customer, consent }, [card.epc.id]);
}

/** An Impinj reader at the dock and a Zebra reader at the front, both publishing to the embedded broker as real ones do. */
async function startMqttReaders(
  mqttPort: number,
): Promise<{ dock: Simulator; front: Simulator; close(): Promise<void> }> {
  const profiles = loadProfiles([shippedProfiles]);
  const start = async (profile: string, topic: string) => {
    const clientId = `demo-${topic.replaceAll('/', '-')}`;
    const channel = connectMqtt(
      { url: `mqtt://127.0.0.1:${mqttPort}`, clientId, keepSession: false },
      { clock, log: silentLog, random: Math.random },
    );
    channel.open();
    const options = { profile: profiles.get(profile), tags: [], rate, clock, random: Math.random };
    return { channel, simulator: await startSimulator({ ...options, link: { mqtt: { channel, topic } } }) };
  };
  const dock = await start('impinj/r700', demoTopics.dock);
  const front = await start('zebra/iot-connector', demoTopics.front);
  const close = async () => {
    for (const { simulator, channel } of [dock, front]) {
      await simulator.stop();
      await channel.close();
    }
  };
  return { dock: dock.simulator, front: front.simulator, close };
}
