import { createFramer } from '../bytes/framer.ts';
import { type CompiledFraming, compileFraming } from '../bytes/framing.ts';
import { bytesOf } from '../bytes/hex.ts';
import { compileLayout } from '../bytes/layout.ts';
import { compileTemplate, matchTemplate, type TemplateValues } from '../bytes/template.ts';
import type { ByteProfile } from '../profile/byte-profile.ts';
import { noisy } from './noise.ts';
import { type Behaviour, createField, everyAtRate, type Simulator } from './simulator.ts';

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
  const understand = compileUnderstanding(profile);
  const words = compileWords(profile);
  const counts = { reports: 0, commands: 0 };
  let noise = behaviour.noise ?? {};
  let silent = false;
  let send: ((bytes: Uint8Array) => void) | null = null;
  let rounds = 0;
  let spoken: CompiledFraming | null = null;

  const say = (body: Uint8Array) => {
    if (spoken === null || send === null || silent || body.length === 0) return;
    send(noisy(spoken.build(body), noise, random, profile.framing[0]?.checks[0]?.at ?? -1));
  };
  const round = () => {
    if (rounds === 0 || silent) return;
    rounds -= 1;
    const tag = field.read();
    if (tag === null) return say(words.noTag);
    say(words.report(tag.epc, tag.rssi, tag.antenna));
    counts.reports += 1;
  };
  const obey = ({ operation, values }: Spoken) => {
    counts.commands += 1;
    if (operation === 'startInventory') rounds = values.rounds ?? Number.POSITIVE_INFINITY;
    if (operation === 'stopInventory') rounds = 0;
    if (operation === 'inventoryOnce') rounds = 1;
    say(isAllowed(profile, values) ? words.answer(operation) : words.refusal);
  };
  const framings = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const answering = profile.framing.map((framing) => compileFraming(framing, 'fromReader'));
  const framer = createFramer(framings, {
    frame: (frame, framing) => {
      spoken = answering[framings.indexOf(framing)] ?? null;
      const command = understand(framing.body(frame));
      if (command === null) say(words.refusal);
      else if (!silent) obey(command);
    },
    discarded: () => undefined,
  });
  const ticking = everyAtRate(clock, behaviour.rate, round);
  return {
    connect: (to) => {
      send = to;
    },
    receive: (bytes) => framer.push(bytes),
    disconnect: () => {
      send = null;
      framer.end();
    },
    setTags: field.set,
    setNoise: (other) => {
      noise = other;
    },
    setSilent: (now) => {
      silent = now;
    },
    counts: () => ({ ...counts }),
    stop: () => ticking.cancel(),
  };
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

/** What the device can say, as bodies. An operation without an answer gives an empty one, which `say` must not send. */
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
