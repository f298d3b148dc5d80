import { type MessageProfile, type ReadMap, readMapOf } from '../protocols/index.ts';
import { createBacklog } from './backlog.ts';
import { createCondition, delaying } from './faults.ts';
import { fillExample } from './fill.ts';
import { insideOf } from './insides.ts';
import { createMessageDevice, type MessageDevice } from './message-device.ts';
import type { SimulatedInside } from './message-inside.ts';
import { createNotices } from './message-notices.ts';
import type { MessageOutlet, Publish } from './message-outlet.ts';
import { noisy } from './noise.ts';
import { type Behaviour, createField, everyAtRate, type SimulatedTag, type Simulator } from './simulator.ts';
import type { TagMemory } from './tag-memory.ts';

export type MessageSimulator = Simulator & {
  /** The network is gone: the broker says the last will, and reads are kept; when it is back they come late. */
  away(away: boolean): void;
  /** What stands on the tag that came into the field with this EPC. */
  memoryOf(epc: string): TagMemory | undefined;
  /** Its REST interface, for whoever serves it. */
  readonly serve: MessageDevice['serve'];
  /** How the reader reads now. */
  mode(): Readonly<Record<string, unknown>>;
};

/** More than this many unacknowledged messages: the broker is too slow, and the reader drops. */
const MOST_PENDING = 1_000;

/** A reader that publishes messages shaped like the profile's examples, and takes commands where its plug-in knows some. */
export function createMessageSimulator(
  profile: MessageProfile,
  behaviour: Behaviour,
  outlet: MessageOutlet,
): MessageSimulator {
  const { clock, random } = behaviour;
  const map = readMapOf(profile);
  const inside = insideOf(profile);
  const device = createMessageDevice(inside, behaviour.tags);
  const field = createField(behaviour.tags, random);
  const { backlog, notices, away } = createNetwork(profile, inside, behaviour, outlet);
  const { noise, silent, handles } = createCondition(behaviour, device.restart, () => void notices.say('online'));
  const count = { reports: 0, commands: 0 };
  const isDeaf = () => silent() || backlog.isAway();
  const report = () => {
    const message = silent() ? null : reportOf(profile, map, device, field.read(), clock.now(), count.reports + 1);
    if (message === null) return;
    count.reports += 1;
    backlog.take(noisy(Buffer.from(JSON.stringify(message), 'utf8'), noise(), random, -1));
  };
  const beat = () => (isDeaf() ? undefined : notices.beat(backlog.lost()));
  const beating = clock.every(profile.simulate.heartbeatMs ?? 10_000, beat);
  const reporting = everyAtRate(clock, behaviour.rate, report);
  listenForCommands(outlet, delaying(behaviour), isDeaf, (message) => {
    count.commands += 1;
    return device.answer(message);
  });
  void notices.say('online');
  beat();
  return {
    address: outlet.topic,
    setTags: (tags) => {
      field.set(tags);
      device.setTags(tags);
    },
    ...handles,
    away,
    memoryOf: device.memoryOf,
    mode: device.mode,
    serve: device.serve,
    counts: () => ({ ...count }),
    stop: async () => {
      for (const timer of [beating, reporting]) timer.cancel();
      backlog.stop();
      await notices.say('offline');
    },
  };
}

/** What of the reader reaches its broker, and when. */
function createNetwork(profile: MessageProfile, inside: SimulatedInside, { clock }: Behaviour, outlet: MessageOutlet) {
  const send = createPublisher(outlet);
  const backlog = createBacklog(profile.simulate.buffer ?? 0, clock, (message) => void send(outlet.topic, message));
  const notices = createNotices(profile, inside, clock, outlet, send);
  const away = (gone: boolean) => {
    if (gone === backlog.isAway()) return;
    void notices.say(gone ? 'offline' : 'online');
    const { lost, kept } = backlog.away(gone);
    if (!gone && lost > 0) notices.overflow(lost, kept);
  };
  return { backlog, notices, away };
}

/** The report of one tag; null while nothing is to be reported. */
function reportOf(
  { simulate }: MessageProfile,
  map: ReadMap,
  device: MessageDevice,
  tag: SimulatedTag | null,
  at: number,
  seq: number,
): Record<string, unknown> | null {
  const seen = tag === null ? null : device.see(tag);
  if (seen === null) return null;
  return seen.finish(fillExample(simulate.read ?? {}, map, seen.tag, at, seq));
}

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

type Json = Readonly<Record<string, unknown>>;

function listenForCommands(
  { channel, commandTopic, responseTopic }: MessageOutlet,
  later: (run: () => void) => void,
  isDeaf: () => boolean,
  answer: (message: Json) => Json | null,
): void {
  if (commandTopic === undefined || responseTopic === undefined) return;
  channel.subscribe(commandTopic, async ({ payload }) => {
    const said = isDeaf() ? null : answer(JSON.parse(Buffer.from(payload).toString('utf8')) as Json);
    if (said === null) return;
    later(() => void channel.publish(responseTopic, JSON.stringify(said), { qos: 1 }).catch(() => undefined));
  });
}
