import { createServer, type Socket } from 'node:net';
import type { Command } from 'commander';
import { GatewayError, silentLog, systemClock } from '../kit/index.ts';
import {
  type ByteLink,
  type ByteLinkEvents,
  connectMqtt,
  type LinkMessage,
  openRecorder,
  openReplay,
  openSerial,
  openTcp,
  type Recorder,
  type ReplayEvents,
} from '../links/index.ts';
import { harmless } from './harmless.ts';
import { type LinkAddress, linkForms, parseLink } from './link-address.ts';
import { sayErrors, untilOpen } from './link-watch.ts';
import { numberFrom, wholeFrom } from './number.ts';
import { openTap } from './recording-tap.ts';
import { untilStopped } from './until-stopped.ts';

type RecordFlags = { link: string; baud: number; through?: string; seconds?: number };
type ReplayFlags = { link?: string; baud: number; speed: number };
/** `takes`: the kind of recording that can be played there; null for both. */
type Sink = {
  takes: 'bytes' | 'messages' | null;
  /** Each answers with what is on its way; not more than `mostOnTheWay` are at once. */
  chunk?(bytes: Uint8Array, at: number): Promise<unknown>;
  message?(message: LinkMessage): Promise<unknown>;
  ready: Promise<void>;
  close(): Promise<unknown>;
};

const deps = { clock: systemClock, log: silentLog, random: Math.random };
const say = (text: string) => void process.stderr.write(`${harmless(text)}\n`);
const silent: ByteLinkEvents = { opened: () => undefined, chunk: () => undefined, lost: () => undefined };

/** `silentgate record` and `replay`: raw bytes and messages of a link with their times (docs/recordings.md). */
export function addRecordingCommands(root: Command): void {
  root
    .command('record <file>')
    .description('records raw bytes or messages of a link, with times, until interrupted')
    .requiredOption('--link <link>', linkForms)
    .option('--baud <n>', 'speed of a serial link', wholeFrom(1), 115200)
    .option(
      '--through <link>',
      'tcp:HOST:PORT where the gateway calls instead of at the reader: both sides are recorded',
    )
    .option('--seconds <n>', 'stop after so many seconds', numberFrom(0))
    .action(async (file: string, flags: RecordFlags) => {
      const address = parseLink(flags.link);
      const tap = flags.through === undefined ? null : tapAddress(flags.through, address);
      const recorder = await openRecorder(file, { link: flags.link, clock: systemClock });
      const close = await (tap === null
        ? listen(address, flags.baud, recorder)
        : tapped(address, flags.baud, recorder, tap));
      await untilStopped(flags.seconds);
      await close();
      await recorder.close();
      process.stdout.write(`${recorder.counts().recorded} events in ${file}.\n`);
    });
  root
    .command('replay <file>')
    .description('plays a recording: into a link for a gateway to read, else as lines on standard output')
    .option(
      '--link <link>',
      `where to play it: ${linkForms}; tcp: waits there for the gateway; mqtt: without TOPIC the recorded topics`,
    )
    .option('--baud <n>', 'speed of a serial link', wholeFrom(1), 115200)
    .option('--speed <n>', '1 = as it was, 10 = ten times as fast, 0 = without waiting', numberFrom(0), 1)
    .action(async (file: string, flags: ReplayFlags) => replay(file, flags));
}

function listen(address: LinkAddress, baudRate: number, recorder: Recorder): () => Promise<void> {
  if (address.kind === 'mqtt') {
    const mqtt = connectMqtt(
      { url: address.url, ...address.login, clientId: `silentgate-recorder-${process.pid}`, keepSession: false },
      deps,
    );
    mqtt.subscribe(address.topic, async (message) => recorder.message(message));
    mqtt.open();
    return saying(mqtt);
  }
  const link = openDevice(address, baudRate, recorder.wrap(silent));
  link.open();
  return saying(link);
}

type Device = Exclude<LinkAddress, { readonly kind: 'mqtt' }>;
type TcpAddress = Extract<LinkAddress, { readonly kind: 'tcp' }>;

function openDevice(address: Device, baudRate: number, events: ByteLinkEvents): ByteLink {
  if (address.kind === 'tcp') return openTcp(address, events, deps);
  return openSerial({ path: address.path, baudRate }, events, deps);
}

/** Where the gateway calls; only a link of bytes has somebody to stand between. */
function tapAddress(text: string, device: LinkAddress): TcpAddress {
  const address = parseLink(text);
  if (address.kind === 'tcp' && device.kind !== 'mqtt') return address;
  const message = '--through takes tcp:HOST:PORT, and a --link of bytes: pty:, serial: or tcp:.';
  throw new GatewayError('REQUEST_INVALID', message);
}

async function tapped(address: LinkAddress, baudRate: number, recorder: Recorder, { host, port }: TcpAddress) {
  if (address.kind === 'mqtt') throw new Error('an MQTT link has no tap');
  return openTap({ openDevice: (events) => openDevice(address, baudRate, events), recorder, host, port });
}

/** Says why a link is not open, while it goes on trying; returns how to close both. */
function saying(link: Pick<ByteLink, 'state' | 'close'>): () => Promise<void> {
  const errors = sayErrors(link.state, say, systemClock);
  return () => {
    errors.stop();
    return link.close();
  };
}

async function replay(file: string, flags: ReplayFlags): Promise<void> {
  const sink = flags.link === undefined ? printing() : sinkOf(replayAddress(flags.link), flags.baud);
  // The clock's own timers would let the process end while it waits.
  const alive = setInterval(() => undefined, 60_000);
  try {
    await sink.ready;
    await play(file, flags.speed, sink);
  } finally {
    clearInterval(alive);
    await sink.close();
  }
}

/** Chunks and messages that may be on their way while the next one is read. */
const mostOnTheWay = 100;

async function play(file: string, wanted: number, sink: Sink): Promise<void> {
  const speed = wanted === 0 ? Number.POSITIVE_INFINITY : wanted;
  let misfits = 0;
  const misfit = async () => void misfits++;
  const { chunk = misfit, message = misfit } = sink;
  const way = createWay((isFull) => link.hold(isFull));
  let ended: (error: string | null) => void = () => undefined;
  const end = new Promise<string | null>((resolve) => {
    ended = resolve;
  });
  const events: ReplayEvents = {
    ...silent,
    chunk: (bytes, at) => way.send(chunk(bytes, at)),
    message: async (given) => way.send(message(given)),
    ended,
  };
  const link = openReplay(file, { speed, times: 'now' }, events, deps);
  link.open();
  const error = await end;
  await way.empty();
  if (error !== null) throw new GatewayError('RECORDING_INVALID', error);
  if (misfits > 0) throw new GatewayError('REQUEST_INVALID', misfitText(sink.takes === 'messages'));
}

/** What is on its way: `hold` hears when it is full, and when it is so no longer; what fails is thrown at the end. */
function createWay(hold: (isFull: boolean) => void) {
  const sent = new Set<Promise<void>>();
  const failures: unknown[] = [];
  return {
    send: (one: Promise<unknown>): void => {
      const settled: Promise<void> = one
        .catch((failure: unknown) => void (failures.length === 0 && failures.push(failure)))
        .then(() => {
          sent.delete(settled);
          hold(sent.size >= mostOnTheWay);
        });
      sent.add(settled);
      if (sent.size >= mostOnTheWay) hold(true);
    },
    empty: async (): Promise<void> => {
      await Promise.all(sent);
      if (failures.length > 0) throw failures[0];
    },
  };
}

function misfitText(toMqtt: boolean): string {
  return toMqtt
    ? 'The recording is of bytes, which no broker takes: play it into pty:, serial: or tcp:.'
    : 'The recording is of MQTT messages: play it into mqtt://HOST:PORT.';
}

/** Where to play: for a broker the topic may be left out, or be `-`, for the recorded ones. */
function replayAddress(text: string): LinkAddress {
  const address = parseLink(text.replace(/^(mqtts?:\/\/[^/]+)\/?$/, '$1/-'));
  if (address.kind === 'mqtt' && /[#+]/.test(address.topic))
    throw new GatewayError('REQUEST_INVALID', `Nothing can be published to ${address.topic}: name one topic, or none.`);
  return address;
}

function printing(): Sink {
  const print = (value: object) =>
    new Promise((resolve) => process.stdout.write(`${JSON.stringify(value)}\n`, () => resolve(null)));
  return {
    takes: null,
    chunk: (bytes, at) => print({ at, hex: Buffer.from(bytes).toString('hex').toUpperCase() }),
    message: ({ at, topic, payload }) => print({ at, topic, payload: Buffer.from(payload).toString('utf8') }),
    ready: Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function sinkOf(address: LinkAddress, baudRate: number): Sink {
  if (address.kind === 'tcp') return serving(address.host, address.port);
  if (address.kind === 'mqtt') {
    const mqtt = connectMqtt(
      { url: address.url, ...address.login, clientId: `silentgate-replay-${process.pid}`, keepSession: false },
      deps,
    );
    mqtt.open();
    return {
      takes: 'messages',
      message: ({ topic, payload }) => mqtt.publish(address.topic === '-' ? topic : address.topic, payload, { qos: 1 }),
      ready: untilOpen(mqtt.state, say, systemClock),
      close: mqtt.close,
    };
  }
  const link = openSerial({ path: address.path, baudRate }, silent, deps);
  link.open();
  return {
    takes: 'bytes',
    chunk: (bytes) => link.write(Buffer.from(bytes)),
    ready: untilOpen(link.state, say, systemClock),
    close: link.close,
  };
}

/** Listens as a network reader would, and plays once the first gateway has come. */
function serving(host: string, port: number): Sink {
  let socket: Socket | null = null;
  const server = createServer().listen(port, host);
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new GatewayError('PORT_TAKEN', `Cannot listen on ${host}:${port}: ${error.message}.`)),
    );
    server.once('connection', (client) => {
      socket = client;
      resolve();
    });
  });
  return {
    takes: 'bytes',
    // A gateway that went away takes nothing more; what is left is played to nobody.
    chunk: (bytes) => new Promise((resolve) => (socket?.writable ? socket.write(bytes, resolve) : resolve(null))),
    ready,
    close: async () => {
      socket?.end();
      server.close();
    },
  };
}
