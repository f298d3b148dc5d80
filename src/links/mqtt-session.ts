import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Fault, fault, GatewayError } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { LinkMessage } from './link.ts';
import { isVersionRefusal, mqttFault } from './mqtt-errors.ts';
import { clientOptions, type MqttSettings, type TlsFiles, whereOf } from './mqtt-settings.ts';
import { createPacketFilter, filterSocket, oversizeOf } from './packet-filter.ts';

/** Why a session ended. `silent`: closed before any answer, which is how some brokers refuse an unknown version. */
export type SessionEnd = { readonly kind: 'version' | 'silent' | 'other'; readonly fault: Fault };

/** What one session reports; `ended` comes once, last, unless `end` was called. */
export type SessionEvents = {
  accepted(sessionPresent: boolean): void;
  /** `done` acknowledges; until then the broker holds the message and this session takes no other. */
  message(message: LinkMessage, done: () => void): void;
  ended(end: SessionEnd): void;
};

/** One connection to the broker, of one protocol version. It is not reopened: the next attempt is a new session. */
export type ClientSession = {
  subscribe(filter: string): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  publish(topic: string, payload: Uint8Array | string, options: { qos: 0 | 1; retain: boolean }): Promise<void>;
  /** Says goodbye to the broker where it still listens, and is closed within a second. */
  end(): Promise<void>;
};

const goodbyeMs = 1000;
const qos1 = { qos: 1, rh: 1 } as const;

/**
 * Connects once. Because an acknowledgement always goes to the connection its message came from, a handler that ends
 * after a reconnect cannot acknowledge something else that has the same packet identifier by then.
 */
export function startSession(
  settings: MqttSettings & { readonly version: 4 | 5; readonly tls: TlsFiles },
  events: SessionEvents,
  deps: LinkDeps,
): ClientSession {
  const client = connect({ ...clientOptions(settings), protocolVersion: settings.version, ...settings.tls });
  const pending = new Set<(error: GatewayError) => void>();
  const life = { accepted: false, over: false, cause: null as unknown };
  const stopPings = answerMessages(client, life, events, deps);

  client.on('connect', (packet) => {
    life.accepted = true;
    events.accepted(packet.sessionPresent);
  });
  client.on('error', (error) => {
    life.cause ??= error;
  });
  client.on('disconnect', (packet) => {
    life.cause ??= Object.assign(new Error('disconnected by the broker'), { code: packet.reasonCode ?? 0 });
  });
  const finish = () => {
    life.over = true;
    stopPings();
    client.end(true);
    for (const reject of pending) reject(new GatewayError('LINK_LOST', 'The connection to the broker was lost.'));
  };
  client.on('close', () => {
    if (life.over) return;
    finish();
    events.ended(endOf(life.cause, life.accepted, whereOf(settings.url)));
  });
  begin(client, settings.version);
  const promise = (run: (done: (error?: Error | null) => void) => unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      if (life.over || !life.accepted)
        return reject(new GatewayError('LINK_LOST', 'There is no connection to the broker.'));
      pending.add(reject);
      run((error) => {
        pending.delete(reject);
        if (error) reject(new GatewayError('LINK_DENIED', `The broker refuses it: ${error.message}`, {}, error));
        else resolve();
      });
    });
  return {
    subscribe: (filter) => promise((done) => client.subscribe(filter, qos1, done)),
    unsubscribe: (filter) => promise((done) => client.unsubscribe(filter, done)),
    publish: (topic, payload, options) =>
      promise((done) =>
        client.publish(topic, typeof payload === 'string' ? payload : Buffer.from(payload), options, done),
      ),
    end: () => leave(client, life, deps).then(finish),
  };
}

/** Nothing has come yet when `connect` returns. */
function begin(client: MqttClient, version: 4 | 5): void {
  client.connect();
  filterSocket(client.stream, createPacketFilter({ version }));
}

/**
 * Puts the acknowledgement behind the handler. `on('message')` would acknowledge first. While a message is held the client
 * reads nothing, not even the answers to its own pings, so the pings are sent from here.
 */
function answerMessages(
  client: MqttClient,
  life: { over: boolean },
  events: SessionEvents,
  deps: LinkDeps,
): () => void {
  let waiting = false;
  const ping = () => {
    if (!waiting) return;
    client.sendPing();
    client.reschedulePing(true);
  };
  const pings = deps.clock.every(((client.options.keepalive ?? 20) * 1000) / 2, ping);
  const turn = createTurn();
  client.handleMessage = (packet, callback) => {
    if (life.over) return;
    waiting = true;
    const acknowledge = () => {
      if (!life.over) callback();
    };
    events.message(messageOfPacket(packet, deps.clock.now()), () => {
      waiting = false;
      if (turn.isOver()) setImmediate(acknowledge);
      else acknowledge();
    });
  };
  return pings.cancel;
}

/** Messages are handled for this long before timers, HTTP and everything else have their turn. */
const turnMs = 10;

/**
 * Says when the event loop must go round. Each acknowledgement makes the broker send the next message, so a flood would
 * otherwise keep libuv reading one socket for minutes, and neither pings nor requests nor signals would be served.
 */
function createTurn(): { isOver(): boolean } {
  let begun: number | null = null;
  return {
    isOver: () => {
      if (begun === null) {
        begun = performance.now();
        setImmediate(() => {
          begun = null;
        });
      }
      return performance.now() - begun >= turnMs;
    },
  };
}

function messageOfPacket(packet: IPublishPacket, at: number): LinkMessage {
  const { topic, dup: redelivered, retain: retained } = packet;
  const whole = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  const oversize = oversizeOf(whole);
  return { topic, payload: oversize === null ? whole : new Uint8Array(0), redelivered, retained, oversize, at };
}

function endOf(cause: unknown, accepted: boolean, where: string): SessionEnd {
  if (cause !== null) return { kind: isVersionRefusal(cause) ? 'version' : 'other', fault: mqttFault(cause, where) };
  if (accepted) return { kind: 'other', fault: fault('BROKER_CLOSED', { where }) };
  return { kind: 'silent', fault: fault('BROKER_WORDLESS', { where }) };
}

async function leave(client: MqttClient, life: { over: boolean }, deps: LinkDeps): Promise<void> {
  life.over = true;
  if (client.connected) await goodbye(client, deps);
}

function goodbye(client: MqttClient, deps: LinkDeps): Promise<void> {
  return new Promise((resolve) => {
    const limit = deps.clock.after(goodbyeMs, resolve);
    client.end(false, () => {
      limit.cancel();
      resolve();
    });
  });
}
