import type { MessageProfile } from '../profile/message-profile.ts';
import type { MessageChannel } from '../types.ts';
import { fillExample, put, timeLike } from './fill.ts';
import { noisy } from './noise.ts';
import { type Behaviour, createField, everyAtRate, type Simulator } from './simulator.ts';

export type MessageOutlet = {
  readonly channel: Pick<MessageChannel, 'publish'>;
  readonly topic: string;
  /** Status texts and heartbeats go here; without it, heartbeats go where the reads go and texts nowhere. */
  readonly statusTopic?: string;
};

/** More than this many unacknowledged messages: the broker is too slow, and the reader drops. */
const MOST_PENDING = 1_000;

/** A reader that publishes messages shaped like the profile's examples. */
export function createMessageSimulator(
  profile: MessageProfile,
  behaviour: Behaviour,
  outlet: MessageOutlet,
): Simulator {
  const { clock, random } = behaviour;
  const field = createField(behaviour.tags, random);
  const example = profile.simulate.read ?? {};
  let noise = behaviour.noise ?? {};
  let silent = false;
  let reports = 0;
  let seq = 0;
  let pending = 0;

  const publish = async (topic: string, payload: string | Uint8Array) => {
    if (pending >= MOST_PENDING || silent) return;
    pending += 1;
    // A message that the broker does not take is lost, as it would be at a reader without a buffer.
    await outlet.channel.publish(topic, payload, { qos: 1, retain: false }).catch(() => undefined);
    pending -= 1;
  };
  const sayStatus = async (status: 'online' | 'offline') => {
    const text = Object.entries(profile.status ?? {}).find(([, meaning]) => meaning === status)?.[0];
    if (text !== undefined && outlet.statusTopic !== undefined) await publish(outlet.statusTopic, text);
  };
  const report = () => {
    const tag = silent ? null : field.read();
    if (tag === null) return;
    seq += 1;
    reports += 1;
    const message = fillExample(example, profile.map, tag, clock.now(), seq);
    const bytes = Buffer.from(JSON.stringify(message), 'utf8');
    void publish(outlet.topic, noisy(bytes, noise, random, -1));
  };
  const beat = () => {
    const message = structuredClone(profile.simulate.heartbeat ?? {}) as Record<string, unknown>;
    seq += 1;
    put(message, profile.eventSeq, () => seq);
    const time = profile.eventTime;
    if (time !== undefined) put(message, time.path, (old) => timeLike(old, clock.now(), time.format));
    void publish(outlet.statusTopic ?? outlet.topic, JSON.stringify(message));
  };
  const timers = [everyAtRate(clock, behaviour.rate, report)];
  if (profile.simulate.heartbeat !== undefined) {
    beat();
    timers.push(clock.every(profile.simulate.heartbeatMs ?? 10_000, beat));
  }
  void sayStatus('online');
  return {
    address: outlet.topic,
    setTags: field.set,
    setNoise: (other) => {
      noise = other;
    },
    setSilent: (now) => {
      silent = now;
    },
    counts: () => ({ reports, commands: 0 }),
    stop: async () => {
      for (const timer of timers) timer.cancel();
      await sayStatus('offline');
    },
  };
}
