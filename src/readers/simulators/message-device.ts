import { holds, type Json, merged, putAt, valueAt } from '../messages/control/json.ts';
import { isObject } from '../messages/values.ts';
import type { CommandRequest, MessageCommands } from '../profile/command-profile.ts';
import type { MessageProfile } from '../profile/message-profile.ts';
import { operationsOn } from './message-operations.ts';
import { type DeviceState, identityOf, restAnswers } from './rest-answers.ts';
import type { SimulatedTag } from './simulator.ts';
import { createTagMemory, type TagMemory } from './tag-memory.ts';

type Report = Record<string, unknown>;
type Seen = { readonly tag: SimulatedTag; finish(report: Report): Report };

/** A reader's inside as far as its commands reach: whether it reads, its mode, and the tags before it. */
export type MessageDevice = {
  answer(message: Json): Json | null;
  /** Its REST interface: what it answers to a request. */
  readonly serve: ReturnType<typeof restAnswers>;
  /** What it makes of a tag in the field; null while it does not read it. `finish` adds results of operations to the report. */
  see(tag: SimulatedTag): Seen | null;
  setTags(tags: readonly SimulatedTag[]): void;
  memoryOf(epc: string): TagMemory | undefined;
  mode(): Json;
  /** As after a power cut: a mode that was not its own is forgotten. */
  restart(): void;
};

export function createMessageDevice(profile: MessageProfile, tags: readonly SimulatedTag[]): MessageDevice {
  const { commands, simulate } = profile;
  const memories = new Map<string, TagMemory>();
  const state = { active: true, mode: structuredClone(simulate.mode ?? {}) as Json };
  const setTags = (others: readonly SimulatedTag[]) => {
    for (const { epc } of others) if (!memories.has(epc)) memories.set(epc, createTagMemory({ epc }));
  };
  if (commands?.access !== undefined) setTags(tags);
  const operations = operationsOn(commands, () => state.mode);
  return {
    answer: (message) => (commands?.over !== 'mqtt' ? null : answerTo(profile, commands, state, message)),
    serve: restAnswers(profile, state),
    see: (tag) => {
      const memory = memories.get(tag.epc);
      const now = memory === undefined ? tag : { ...tag, epc: memory.epc() };
      if (!state.active || memory?.isAlive() === false || !operations.letsIn(now)) return null;
      return { tag: now, finish: (report) => operations.carryOut(memory, report) };
    },
    setTags: (others) => {
      if (commands?.access !== undefined) setTags(others);
    },
    memoryOf: (epc) => memories.get(epc),
    mode: () => state.mode,
    restart: () => {
      state.active = true;
      if (commands?.mode?.keep !== undefined) state.mode = structuredClone(simulate.mode ?? {}) as Json;
    },
  };
}

function answerTo(profile: MessageProfile, commands: MessageCommands, state: DeviceState, message: Json): Json {
  const { start, stop, active, mode } = commands;
  const is = (request: CommandRequest | undefined) => request !== undefined && holds(request.body ?? {}, message);
  const answer = answerer(profile, commands, message);
  if (is(start)) return setActive(start, true, state, answer);
  if (is(stop)) return setActive(stop, false, state, answer);
  if (is(active.ask)) return answer([[active.at[0] ?? '', state.active ? active.is[0] : 'inactive']]);
  if (is(mode?.get)) return answer([[mode?.at ?? '', state.mode]]);
  if (mode !== undefined && is(mode.set)) return setMode(mode, state, message, answer);
  return answer([...identityAt(profile, commands, message), ...limitsAt(commands, message)]);
}

function setActive({ already = [] }: CommandRequest, active: boolean, state: DeviceState, answer: Answer): Json {
  const code = state.active === active ? already[0] : undefined;
  state.active = active;
  return answer([], code);
}

type Answer = (values: readonly (readonly [string, unknown])[], code?: string) => Json;

/** Success, or the failure with this code, as the profile's rule for answers would see it. */
function answerer({ rules }: MessageProfile, { id }: MessageCommands, message: Json): Answer {
  const rule = rules.find(({ ok }) => ok !== undefined);
  const key = id ?? 'id';
  return (values, code) => {
    const said: Json = { command: message['command'], [key]: message[key] };
    const at = rule?.ok?.path ?? '';
    if (code === undefined) putAt(said, at, rule?.ok?.is);
    else putAt(said, rule?.errors?.path ?? at, rule?.errors === undefined ? 'failure' : Number(code));
    for (const [path, value] of values) putAt(said, path, value);
    return said;
  };
}

function setMode(
  { put, keep }: NonNullable<MessageCommands['mode']>,
  state: DeviceState,
  message: Json,
  answer: Answer,
): Json {
  const wanted = put === undefined ? message : valueAt(message, put);
  if (!isObject(wanted)) return answer([], '2');
  // One that takes parts of a mode does not while it reads.
  if (keep !== undefined && state.active) return answer([], '11');
  state.mode = keep === undefined ? structuredClone(wanted) : merged(state.mode, structuredClone(wanted));
  return answer([]);
}

function identityAt({ models }: MessageProfile, { identify }: MessageCommands, message: Json) {
  const asked = identify.find(({ ask }) => holds(ask.body ?? {}, message));
  return Object.entries(asked?.fields ?? {}).map(
    ([name, paths]) => [paths[0] ?? '', identityOf(name, models)] as const,
  );
}

function limitsAt({ mode }: MessageCommands, message: Json) {
  const limits = mode?.power?.limits;
  if (limits === undefined || !holds(limits.ask.body ?? {}, message)) return [];
  const units = (dbm: number) => dbm * limits.unitsPerDbm;
  return [[limits.least, units(10)] as const, [limits.most, units(30)] as const];
}
