import { join } from 'node:path';
import { GatewayError, said, silentLog } from '../../../../src/kit/index.ts';
import { type LinkMessage, type LinkState, linkState } from '../../../../src/links/index.ts';
import { loadProfiles } from '../../../../src/profiles/index.ts';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import { openReader, type ReaderOptions } from '../../../../src/readers/index.ts';
import { commandsOf } from '../../../../src/readers/messages/dialects.ts';
import { createMessageSimulator } from '../../../../src/simulators/message-simulator.ts';
import type { Behaviour } from '../../../../src/simulators/simulator.ts';
import { createSupervision } from '../../../../src/supervision/supervise.ts';
import { readsOf, type TagRead } from '../../../../src/tags/index.ts';
import { type ManualClock, manualClock } from '../../../fakes/manual-clock.ts';

export const profiles = loadProfiles([join(import.meta.dirname, '../../../../firmware-profiles')]);

export const E1 = 'E28011606000020934D6FAF7';
export const E2 = '300833B2DDD9014000000003';
export const tags = [
  { epc: E1, antenna: 1, rssi: -50 },
  { epc: E2, antenna: 2, rssi: -60 },
];

export type Sent = { readonly topic: string; readonly text: string; readonly qos: number };

/** A broker in memory: who subscribes gets what is published afterwards, one turn later. */
export function memoryBroker(clock: ManualClock) {
  const handlers = new Map<string, ((message: LinkMessage) => Promise<void>)[]>();
  const sent: Sent[] = [];
  let state: LinkState = { state: 'open', since: 0, error: null, fault: null };
  const deliver = async (topic: string, payload: string | Uint8Array, retained = false) => {
    const message = { topic, payload: Buffer.from(payload), redelivered: false, retained, at: clock.now() };
    await Promise.all((handlers.get(topic) ?? []).map((handler) => handler(message)));
  };
  return {
    sent,
    deliver,
    sever: (lost: boolean) => {
      state = lost
        ? linkState('waiting', clock.now(), said('gone'))
        : { state: 'open', since: clock.now(), error: null, fault: null };
    },
    channel: {
      subscribe: (topic: string, handler: (message: LinkMessage) => Promise<void>) =>
        void handlers.set(topic, [...(handlers.get(topic) ?? []), handler]),
      publish: async (topic: string, payload: string | Uint8Array, options: { qos?: 0 | 1 } = {}) => {
        if (state.state !== 'open') throw new GatewayError('LINK_LOST', 'There is no connection to the broker.');
        sent.push({ topic, text: Buffer.from(payload).toString(), qos: options.qos ?? 0 });
        await Promise.resolve();
        await deliver(topic, payload);
      },
      state: () => state,
    },
  };
}

export type SceneOptions = {
  readonly config?: Partial<ReaderOptions>;
  readonly behaviour?: Partial<Behaviour>;
  /** False: nobody is behind the topics but the test. */
  readonly simulated?: boolean;
  readonly on?: { readonly clock: ManualClock; readonly broker: ReturnType<typeof memoryBroker> };
};

/** A reader of a profile and its simulated device on one broker, in virtual time. */
export function scene(profileId: string, { config = {}, behaviour = {}, simulated = true, on }: SceneOptions = {}) {
  const clock = on?.clock ?? manualClock();
  const broker = on?.broker ?? memoryBroker(clock);
  const profile = profiles.get(profileId) as MessageProfile;
  const reads: TagRead[] = [];
  const commanded = commandsOf(profile)?.over === 'mqtt' ? { commandTopic: 'r/cmd', responseTopic: 'r/rsp' } : {};
  const reader = openReader({
    supervise: createSupervision,
    config: {
      id: 'r1',
      profile: profileId,
      link: { mqtt: { topic: 'r/data', statusTopic: 'r/status', ...commanded } },
      antennas: profile.antennas === 1 ? { '1': 'here' } : { '1': 'here', '2': 'there' },
      ...config,
    },
    profile,
    mqtt: broker.channel,
    clock,
    log: silentLog,
    random: () => 0.5,
    onReads: async (batch) => void reads.push(...readsOf(batch)),
  });
  reader.start();
  const outlet = { channel: broker.channel, topic: 'r/data', statusTopic: 'r/status', ...commanded };
  const made = { tags, rate: 20, clock, random: () => 0.5, ...behaviour };
  const device = simulated ? createMessageSimulator(profile, made, outlet) : null;
  const asked = () =>
    broker.sent.filter(({ topic }) => topic === 'r/cmd').map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  /** Lets virtual time pass until the promise is settled. */
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let isDone = false;
    const end = promise.finally(() => {
      isDone = true;
    });
    for (let i = 0; i < 3_000 && !isDone; i++) await clock.advance(50);
    return end;
  };
  if (device === null) return { clock, broker, profile, reads, reader, asked, settled };
  return { clock, broker, profile, reads, reader, asked, settled, device };
}

/** The same with a device that is surely there. */
export function simulatedScene(profileId: string, options: Omit<SceneOptions, 'simulated'> = {}) {
  const made = scene(profileId, options);
  if (!('device' in made) || made.device === undefined) throw new Error('no device');
  return { ...made, device: made.device };
}
