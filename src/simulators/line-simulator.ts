import { bytesOf, createSplitter, type LineProfile } from '../protocols/index.ts';
import type { ByteSimulator } from './byte-simulator.ts';
import { createCondition, delaying } from './faults.ts';
import { noisy } from './noise.ts';
import { type Behaviour, everyAtRate, type SimulatedTag } from './simulator.ts';
import { createTagField, type FieldTag } from './tag-field.ts';
import { tslHears, tslOnTags, tslOptions } from './tsl-device.ts';

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
  const perPoll = Math.max(1, Math.round((rate * profile.session.pollMs) / 1000));
  const answer = (command: string) => {
    state.commands += 1;
    const { lines, reports } = profile.grammar === 'tslAscii2' ? grouped(asked(command)) : plain(asked(command));
    state.reports += reports;
    for (const line of lines) write(line);
  };
  const asked = (command: string): Asked => {
    const tags = isPoll(profile, command) ? tagsOf(field, perPoll) : null;
    return { profile, command, tags, present: field.present() };
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
      // It lets everybody in: of a login only the last word remains.
      if (profile.session.login !== undefined) write(profile.session.login.ready);
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

function isPoll({ session }: LineProfile, command: string): boolean {
  const word = (text: string) => /[.A-Za-z]+/.exec(text)?.[0];
  return session.poll !== undefined && word(session.poll) === word(command);
}

type Asked = {
  readonly profile: LineProfile;
  readonly command: string;
  /** What an inventory finds; null when none was asked for. */
  readonly tags: readonly FieldTag[] | null;
  readonly present: readonly FieldTag[];
};
type Said = { readonly lines: readonly string[]; readonly reports: number };

/** A reader that answers without an echo; its properties, told one by one, are made up. */
function plain({ profile, command, tags }: Asked): Said {
  const fields = profile.control?.identify?.find(({ send }) => send === command)?.fields ?? {};
  const { identify } = profile.session;
  // The answer to a setting is what it now is, as if it were asked for.
  const set = /^.?set (?<property>\w+) ?= ?(?<value>.+)$/.exec(command)?.groups;
  if (set !== undefined) return { lines: [`${set['property']} = ${set['value']}`], reports: 0 };
  const own = command === identify ? profile.simulate.identity : undefined;
  const properties = own === undefined ? Object.values(fields).map((name) => `${name} = Simulated`) : [own];
  return tags === null ? { lines: properties, reports: 0 } : inventoryOf(profile, tags);
}

/** A reader that echoes the command and ends its answer. */
function grouped({ profile, command, tags, present }: Asked): Said {
  const echo = `CS: ${command}`;
  const onTags = profile.control?.onTags;
  const done = tslOnTags(onTags, command, present);
  if (done !== null) return { lines: [echo, ...done], reports: 0 };
  if (tags === null) return { lines: [echo, ...(command === '.vr' ? VERSION : []), 'OK:'], reports: 0 };
  const heard = tags.filter((tag) => tslHears(onTags, tslOptions(command), tag));
  const { lines, reports } = inventoryOf(profile, heard);
  return { lines: [echo, ...lines, ...(reports === 0 ? [] : ['OK:'])], reports };
}

function inventoryOf({ simulate }: LineProfile, tags: readonly FieldTag[]): Said {
  const lines = tags.flatMap((tag) => filled(simulate.report, tag));
  return tags.length === 0 ? { lines: [simulate.empty ?? ''], reports: 0 } : { lines, reports: tags.length };
}

/** What a TSL reader says of itself. */
const VERSION = ['MF: TSL UK Ltd.', 'US: 1128-00-000001', 'PV: 2.4.0', 'UF: 1.6.0'];

function tagsOf(field: ReturnType<typeof createTagField>, count: number): FieldTag[] {
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
