import { createFramer, type Framer } from '../bytes/framer.ts';
import { type CompiledFraming, compileFraming } from '../bytes/framing.ts';
import { compileTemplate, matchTemplate } from '../bytes/template.ts';
import type { TemplateValues } from '../bytes/template-values.ts';
import type { ByteProfile, Step } from '../profile/byte-profile.ts';
import { createCondition, delaying } from './faults.ts';
import { noisy } from './noise.ts';
import { type Behaviour, createField, everyAtRate, type Simulator } from './simulator.ts';
import { compileWords, type Words } from './words.ts';

/** The device's side of a byte protocol, driven by the same profile as the gateway's. */
export type ByteSimulator = Omit<Simulator, 'address' | 'stop'> & {
  /** Somebody is on the line; `send` takes what the device says. A new connection takes the place of the old one. */
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  disconnect(): void;
  stop(): void;
};

type Spoken = { readonly operation: string; readonly values: TemplateValues };

export function createByteSimulator(profile: ByteProfile, behaviour: Behaviour): ByteSimulator {
  const { clock, random, rate } = behaviour;
  const field = createField(behaviour.tags, random);
  const words = compileWords(profile);
  const state = idleState(profile);
  const checkAt = profile.framing[0]?.checks.at(-1)?.at ?? -1;
  const answering = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  let spoken: CompiledFraming | null = profile.session.style === 'listen' ? (answering[0] ?? null) : null;
  const restarting = () => Object.assign(state, { rounds: idleState(profile).rounds, ending: null });
  const condition = createCondition(behaviour, restarting, () => say(words.booted));

  const say = (body: Uint8Array | null) => {
    if (spoken === null || condition.silent() || body === null) return;
    state.send?.(noisy(spoken.build(body), condition.noise(), random, checkAt));
  };
  const round = () => {
    if (state.rounds === 0 || condition.silent() || state.send === null) return;
    state.rounds -= 1;
    const tag = field.read();
    const last = state.rounds === 0 ? state.ending : null;
    if (tag !== null) {
      say(words.report(tag));
      state.reports += 1;
    }
    say(afterReport(words, last, tag === null));
  };
  const later = delaying(behaviour);
  const framer = listenToGateway(profile, answering, (command, framing, body) => {
    spoken = framing;
    if (!condition.silent()) later(() => say(obey(profile, words, state, command, body, rate)));
  });
  const ticking = everyAtRate(clock, rate, round);
  return {
    connect: (send) => {
      state.send = send;
    },
    receive: framer.push,
    disconnect: () => {
      state.send = null;
      framer.end();
    },
    setTags: field.set,
    ...condition.handles,
    say,
    counts: () => ({ reports: state.reports, commands: state.commands }),
    stop: ticking.cancel,
  };
}

/** What follows the report, or its absence. Where the report itself ends the round, an empty field has another end. */
function afterReport(words: Words, last: Step | null, empty: boolean): Uint8Array | null {
  if (last === null) return empty ? words.noTag : null;
  return last.reports !== 'inside' || empty ? words.ending(last) : null;
}

type State = {
  send: ((bytes: Uint8Array) => void) | null;
  /** Inventory rounds still to go; 0 is idle. */
  rounds: number;
  /** What is said when they are used up. */
  ending: Step | null;
  reports: number;
  commands: number;
};

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

/** Does what the command says and returns the answer's body, null where there is none yet. */
function obey(
  profile: ByteProfile,
  words: Words,
  state: State,
  command: Spoken | null,
  body: Uint8Array,
  rate: number,
): Uint8Array | null {
  if (command === null) return words.refusal(body);
  const { operation, values } = command;
  state.commands += 1;
  if (!isAllowed(profile, values)) return words.refusal(body);
  const step = profile.session.round?.find((one) => one.operation === operation);
  if (step !== undefined) return playStep(words, state, step, rate);
  if (operation === 'startInventory') state.rounds = values.rounds ?? Number.POSITIVE_INFINITY;
  if (operation === 'stopInventory') state.rounds = 0;
  if (operation === 'inventoryOnce') state.rounds = 1;
  return words.answer(operation);
}

/** A round of a tenth of a second, or of the one frame that holds its report. */
function playStep(words: Words, state: State, step: Step, rate: number): Uint8Array | null {
  if (step.reports === undefined) return words.ending(step);
  state.ending = step;
  state.rounds = step.reports === 'inside' ? 1 : Math.max(1, Math.round(rate / 10));
  return null;
}

function compileUnderstanding(profile: ByteProfile): (body: Uint8Array) => Spoken | null {
  const known = Object.entries(profile.commands).flatMap(([operation, { send }]) => {
    const template = compileTemplate(send);
    return template === null ? [] : [{ operation, template }];
  });
  return (body) => {
    for (const { operation, template } of known) {
      const values = matchTemplate(template, body);
      if (values !== null) return { operation, values };
    }
    return null;
  };
}

function isAllowed(profile: ByteProfile, { power, region }: TemplateValues): boolean {
  const { minDbm, maxDbm } = profile.power;
  if (power !== undefined && (power < minDbm || power > maxDbm)) return false;
  return region === undefined || Object.values(profile.regions).some(({ code }) => code === region);
}
