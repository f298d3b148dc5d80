import { bytesOf } from '../bytes/hex.ts';
import { createSplitter } from '../lines/splitter.ts';
import type { LineProfile } from '../profile/line-profile.ts';
import type { ByteSimulator } from './byte-simulator.ts';
import { createCondition, delaying } from './faults.ts';
import { noisy } from './noise.ts';
import { type Behaviour, everyAtRate, type SimulatedTag } from './simulator.ts';
import { createTagField } from './tag-field.ts';

/** The device's side of a line protocol: answers what it is asked, or writes a line per tag where nobody asks. */
export function createLineSimulator(profile: LineProfile, behaviour: Behaviour): ByteSimulator {
  const { clock, random, rate } = behaviour;
  const field = createTagField(behaviour.tags, random);
  const state = { reports: 0, commands: 0 };
  const condition = createCondition(behaviour);
  let send: ((bytes: Uint8Array) => void) | null = null;
  const end = bytesOf(profile.session.lineEnd);
  const write = (text: string) => {
    const bytes = Uint8Array.from([...Buffer.from(text, 'latin1'), ...end]);
    if (!condition.silent()) send?.(noisy(bytes, condition.noise(), random, 0));
  };
  const report = (tag: SimulatedTag) => {
    state.reports += 1;
    for (const line of filled(profile.simulate.report, tag)) write(line);
  };
  const goodbye = profile.grammar === 'tslAscii2' ? 'OK:' : null;
  const perPoll = Math.max(1, Math.round((rate * profile.session.pollMs) / 1000));
  const answer = (command: string) => {
    state.commands += 1;
    for (const line of openingLines(profile, command)) write(line);
    const tags = isPoll(profile, command) ? tagsOf(field, perPoll) : null;
    for (const tag of tags ?? []) report(tag);
    const last = tags?.length === 0 ? (profile.simulate.empty ?? '') : goodbye;
    if (last !== null) write(last);
  };
  const later = delaying(behaviour);
  const splitter = createSplitter(profile, { line: (text) => later(() => answer(text)), discarded: () => undefined });
  const ticking = everyAtRate(clock, rate, () => {
    if (profile.session.poll !== undefined || send === null || condition.silent()) return;
    const tag = field.read();
    if (tag !== null) report(tag);
  });
  return {
    connect: (to) => {
      send = to;
    },
    receive: splitter.push,
    disconnect: () => {
      send = null;
      splitter.end();
    },
    setTags: field.set,
    present: field.present,
    ...condition.handles,
    counts: () => ({ reports: state.reports, commands: state.commands }),
    stop: ticking.cancel,
  };
}

/** What is said before any tag. */
function openingLines({ session, simulate, grammar }: LineProfile, command: string): string[] {
  const isAsked = command === session.identify && simulate.identity !== undefined;
  return [...(grammar === 'tslAscii2' ? [`CS: ${command}`] : []), ...(isAsked ? [simulate.identity ?? ''] : [])];
}

function isPoll({ session }: LineProfile, command: string): boolean {
  const word = (text: string) => /[.A-Za-z]+/.exec(text)?.[0];
  return session.poll !== undefined && word(session.poll) === word(command);
}

function tagsOf(field: ReturnType<typeof createTagField>, count: number): SimulatedTag[] {
  return Array.from({ length: count }, () => field.read()).filter((tag) => tag !== null);
}

/** `|` separates lines. */
function filled(template: string, { epc, antenna, rssi }: SimulatedTag): string[] {
  const values: Readonly<Record<string, string>> = {
    epc,
    decimal: String(Number.parseInt(epc.slice(-8), 16)).padStart(10, '0'),
    rssi: String(rssi),
    antenna: String(antenna),
    antennaFromZero: String(antenna - 1),
  };
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole).split('|');
}
