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
  const publish = createPublisher(outlet);
  const count = { reports: 0, seq: 0 };
  let noise = behaviour.noise ?? {};
  let silent = false;

  const report = () => {
    const tag = silent ? null : field.read();
    if (tag === null) return;
    count.seq += 1;
    count.reports += 1;
    const message = fillExample(profile.simulate.read ?? {}, profile.map, tag, clock.now(), count.seq);
    const bytes = Buffer.from(JSON.stringify(message), 'utf8');
    void publish(outlet.topic, noisy(bytes, noise, random, -1));
  };
  const beat = () => {
    if (silent || profile.simulate.heartbeat === undefined) return;
    count.seq += 1;
    const message = heartbeat(profile, profile.simulate.heartbeat, clock.now(), count.seq);
    void publish(outlet.statusTopic ?? outlet.topic, JSON.stringify(message));
  };
  const timers = [
    everyAtRate(clock, behaviour.rate, report),
    clock.every(profile.simulate.heartbeatMs ?? 10_000, beat),
  ];
  void sayStatus(profile, outlet, publish, 'online');
  beat();
  return {
    address: outlet.topic,
    setTags: field.set,
    setNoise: (other) => {
      noise = other;
    },
    setSilent: (now) => {
      silent = now;
    },
    counts: () => ({ reports: count.reports, commands: 0 }),
    stop: async () => {
      for (const timer of timers) timer.cancel();
      await sayStatus(profile, outlet, publish, 'offline');
    },
  };
}

type Publish = (topic: string, payload: string | Uint8Array) => Promise<void>;

function createPublisher({ channel }: MessageOutlet): Publish {
  let pending = 0;
  return async (topic, payload) => {
    if (pending >= MOST_PENDING) return;
    pending += 1;
    // A message that the broker does not take is lost, as it would be at a reader without a buffer.
    await channel.publish(topic, payload, { qos: 1, retain: false }).catch(() => undefined);
    pending -= 1;
  };
}

async function sayStatus(
  { status }: MessageProfile,
  { statusTopic }: MessageOutlet,
  publish: Publish,
  meaning: string,
) {
  const text = Object.entries(status ?? {}).find(([, is]) => is === meaning)?.[0];
  if (text !== undefined && statusTopic !== undefined) await publish(statusTopic, text);
}

function heartbeat(profile: MessageProfile, example: Readonly<Record<string, unknown>>, at: number, seq: number) {
  const message = structuredClone(example) as Record<string, unknown>;
  put(message, profile.eventSeq, () => seq);
  const time = profile.eventTime;
  if (time !== undefined) put(message, time.path, (old) => timeLike(old, at, time.format));
  return message;
}
