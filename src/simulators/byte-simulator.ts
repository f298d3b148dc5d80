import {
  type ByteProfile,
  type CompiledFraming,
  compileFraming,
  createFramer,
  type Framer,
  type Step,
} from '../protocols/index.ts';
import { createByteDevice } from './byte-device.ts';
import { compileUnderstanding, type Obedience, obey, type Spoken, type State } from './byte-obedience.ts';
import { createCondition, delaying } from './faults.ts';
import { noisy } from './noise.ts';
import { compileSayings, type Sayings } from './sayings.ts';
import { type Behaviour, everyAtRate, type Simulator } from './simulator.ts';
import { createTagField, type FieldTag } from './tag-field.ts';

/** The device's side of a byte protocol, driven by the same profile as the gateway's. */
export type ByteSimulator = Omit<Simulator, 'address' | 'stop'> & {
  /** Somebody is on the line; `send` takes what the device says. A new connection takes the place of the old one. */
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  disconnect(): void;
  /** The tags in the field, with what is on them. */
  present(): readonly FieldTag[];
  stop(): void;
};

export function createByteSimulator(profile: ByteProfile, behaviour: Behaviour): ByteSimulator {
  const { clock, random, rate } = behaviour;
  const field = createTagField(behaviour.tags, random);
  const device = createByteDevice(profile);
  const words = compileSayings(profile);
  const state = idleState(profile);
  const checkAt = profile.framing[0]?.checks.at(-1)?.at ?? -1;
  const answering = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  let spoken: CompiledFraming | null = profile.session.style === 'listen' ? (answering[0] ?? null) : null;
  const restarting = () => {
    Object.assign(state, { rounds: idleState(profile).rounds, ending: null });
    device.restart();
  };
  const condition = createCondition(behaviour, restarting, () => say(words.booted));

  const say = (body: Uint8Array | null) => {
    if (spoken === null || condition.silent() || body === null) return;
    state.send?.(noisy(spoken.build(body), condition.noise(), random, checkAt));
  };
  const deps: Obedience = { profile, words, state, device, rate, present: field.present };
  const round = () => {
    if (state.rounds !== 0 && !condition.silent() && state.send !== null) playRound(deps, field.read(), say);
  };
  const later = delaying(behaviour);
  const framer = listenToGateway(profile, answering, (command, framing, heard) => {
    spoken = framing;
    if (condition.silent()) return;
    later(() => {
      for (const body of obey(deps, command, heard)) say(body);
    });
  });
  const ticking = everyAtRate(clock, rate, round);
  return {
    connect: (send) => {
      state.send = send;
    },
    receive: patiently(framer, profile.port.idleMs, clock.now),
    disconnect: () => {
      state.send = null;
      framer.end();
    },
    setTags: field.set,
    present: field.present,
    ...condition.handles,
    say,
    counts: () => ({ reports: state.reports, commands: state.commands }),
    stop: ticking.cancel,
  };
}

/** One round of inventory: what it reports of the tag whose turn it is, and what ends it. */
function playRound(
  { words, state, device }: Obedience,
  next: FieldTag | null,
  say: (body: Uint8Array | null) => void,
): void {
  state.rounds -= 1;
  const tag = next !== null && device.hears(next) ? next : null;
  const last = state.rounds === 0 ? state.ending : null;
  if (tag !== null) {
    say(words.report(tag));
    state.reports += 1;
  }
  say(afterReport(words, last, tag === null));
}

/** A command that was begun and not gone on with in time is forgotten, as a module does. */
function patiently(framer: Framer, idleMs: number, now: () => number): (bytes: Uint8Array) => void {
  let heardAt = 0;
  return (bytes) => {
    if (now() - heardAt > idleMs) framer.end();
    heardAt = now();
    framer.push(bytes);
  };
}

/** What follows the report, or its absence. Where the report itself ends the round, an empty field has another end. */
function afterReport(words: Sayings, last: Step | null, empty: boolean): Uint8Array | null {
  if (last === null) return empty ? words.noTag : null;
  return last.reports !== 'inside' || empty ? words.ending(last) : null;
}

function idleState({ session }: ByteProfile): State {
  // A reader that only talks talks all the time.
  const rounds = session.style === 'listen' ? Number.POSITIVE_INFINITY : 0;
  return { send: null, rounds, ending: null, reports: 0, commands: 0 };
}

/** Hands on each command, null for one that the profile does not know, with the framing to answer in. */
function listenToGateway(
  profile: ByteProfile,
  answering: readonly CompiledFraming[],
  heard: (command: Spoken | null, framing: CompiledFraming, body: Uint8Array) => void,
): Framer {
  const understand = compileUnderstanding(profile);
  const incoming = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  return createFramer(incoming, {
    frame: (frame, framing) => {
      const reply = answering[incoming.indexOf(framing)];
      if (reply === undefined || reply.control) return;
      const body = framing.body(frame);
      heard(understand(body), reply, body);
    },
    discarded: () => undefined,
  });
}
