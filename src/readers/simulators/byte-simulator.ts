import { createFramer, type Framer } from '../bytes/framer.ts';
import { type CompiledFraming, compileFraming } from '../bytes/framing.ts';
import { bytesOf } from '../bytes/hex.ts';
import { compileLayout } from '../bytes/layout.ts';
import { compileTemplate, matchTemplate, type TemplateValues } from '../bytes/template.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { noisy } from './noise.ts';
import { type Behaviour, createField, everyAtRate, type Noise, type Simulator } from './simulator.ts';

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
  const { clock, random } = behaviour;
  const field = createField(behaviour.tags, random);
  const words = compileWords(profile);
  const state: State = { noise: behaviour.noise ?? {}, silent: false, send: null, rounds: 0, reports: 0, commands: 0 };
  const checkAt = profile.framing[0]?.checks[0]?.at ?? -1;
  let spoken: CompiledFraming | null = null;

  const say = (body: Uint8Array) => {
    if (spoken === null || state.silent || body.length === 0) return;
    state.send?.(noisy(spoken.build(body), state.noise, random, checkAt));
  };
  const round = () => {
    if (state.rounds === 0 || state.silent) return;
    state.rounds -= 1;
    const tag = field.read();
    if (tag === null) return say(words.noTag);
    say(words.report(tag.epc, tag.rssi, tag.antenna));
    state.reports += 1;
  };
  const framer = listenToGateway(profile, (command, framing) => {
    spoken = framing;
    if (!state.silent) say(obey(profile, words, state, command));
  });
  const ticking = everyAtRate(clock, behaviour.rate, round);
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
    setNoise: (noise) => {
      state.noise = noise;
    },
    setSilent: (silent) => {
      state.silent = silent;
    },
    counts: () => ({ reports: state.reports, commands: state.commands }),
    stop: ticking.cancel,
  };
}

type State = {
  noise: Noise;
  silent: boolean;
  send: ((bytes: Uint8Array) => void) | null;
  /** Inventory rounds still to go; 0 is idle. */
  rounds: number;
  reports: number;
  commands: number;
};

/** Hands on each command, null for one that the profile does not know, with the framing to answer in. */
function listenToGateway(
  profile: ByteProfile,
  heard: (command: Spoken | null, framing: CompiledFraming) => void,
): Framer {
  const understand = compileUnderstanding(profile);
  const incoming = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const answering = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  return createFramer(incoming, {
    frame: (frame, framing) => {
      const reply = answering[incoming.indexOf(framing)];
      if (reply !== undefined) heard(understand(framing.body(frame)), reply);
    },
    discarded: () => undefined,
  });
}

/** Does what the command says and returns the answer's body. */
function obey(profile: ByteProfile, words: Words, state: State, command: Spoken | null): Uint8Array {
  if (command === null) return words.refusal;
  const { operation, values } = command;
  state.commands += 1;
  if (operation === 'startInventory') state.rounds = values.rounds ?? Number.POSITIVE_INFINITY;
  if (operation === 'stopInventory') state.rounds = 0;
  if (operation === 'inventoryOnce') state.rounds = 1;
  return isAllowed(profile, values) ? words.answer(operation) : words.refusal;
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

type Words = ReturnType<typeof compileWords>;

/** What the device can say, as bodies. An operation without an answer gives an empty one, which is not sent. */
function compileWords(profile: ByteProfile) {
  const codes = Object.entries(profile.errors.codes).filter(([code]) => !code.includes('?'));
  const errorBody = (neutral: string) => {
    const code = codes.find(([, row]) => row.error === neutral)?.[0] ?? 'FF';
    return bytesOf(profile.errors.match.is + code);
  };
  const [report] = profile.reports;
  const layout = compileLayout(report?.fields ?? []);
  const head = bytesOf(report?.match.is ?? '');
  const answers = new Map(
    Object.entries(profile.commands).map(([name, { answer }]) => [name, bytesOf(answer?.example ?? '')]),
  );
  return {
    noTag: errorBody('noTag'),
    refusal: errorBody('parameter'),
    answer: (operation: string) => answers.get(operation) ?? new Uint8Array(0),
    report: (epc: string, rssi: number, antenna: number) =>
      Uint8Array.from([...head, ...layout.write({ epc, rssi, antenna, count: 1 })]),
  };
}
