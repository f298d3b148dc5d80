import { type Clock, pause } from '../../kit/index.ts';
import { type ByteProfile, memoryBanks, type ReaderAnswer } from '../../protocols/index.ts';
import type { Preselect } from '../../tags/index.ts';
import type { Reply } from '../commands/access.ts';
import type { TagSelect } from '../commands/command.ts';
import type { Census } from './census.ts';
import type { Conversation } from './conversation.ts';
import { preselectValues, targetValues } from './mask.ts';
import { replyOf } from './reply.ts';
import { portValues } from './settings.ts';

export type TagAccessDeps = {
  readonly profile: ByteProfile;
  readonly talk: Conversation;
  readonly census: Census;
  readonly clock: Clock;
  /** Configured ports. */
  antennas(): readonly number[];
};

/** Keeps one tag singled out, by one antenna, for as long as the steps of a command go on about it. */
export type TagHold = {
  begin(signal: AbortSignal): void;
  signal(): AbortSignal;
  /** Ports in the order in which to try them. */
  order(antennas: readonly number[]): readonly number[];
  /** Singles the tag out, if it is not already; `severalTags` when others answer with it. */
  take(tag: TagSelect, antenna: number): Promise<Reply<null>>;
  /**
   * Singles the tag out, then sends another Select in place of the one that holds it and waits. Whoever answers next may be
   * another tag, which only its name tells; the next `take` holds the tag anew. `noTag` where its name is not known.
   */
  preselect(tag: TagSelect, antenna: number, preselect: Preselect): Promise<Reply<null>>;
  /** Whether the answer is that of the tag that is held, which may be `renamed` by this very step. */
  checked(answer: ReaderAnswer, tag: TagSelect, renamed: string | undefined): Reply<ReaderAnswer>;
  letGo(): Promise<void>;
};

const held: Reply<null> = { ok: true, value: null };
const several: Reply<never> = { ok: false, error: 'severalTags', sent: true };

export function createTagHold(deps: TagAccessDeps): TagHold {
  const { profile, talk, antennas } = deps;
  const state: State = { signal: AbortSignal.abort('offline'), held: null, last: null, names: [] };
  const isHeld = (tag: TagSelect, antenna: number) =>
    state.held?.key === JSON.stringify(tag) && state.held.antenna === antenna;
  const hold = async (tag: TagSelect, antenna: number): Promise<Reply<null>> => {
    Object.assign(state, { held: null, names: [] });
    const reply = await prepare(deps, state.signal, tag, antenna);
    if (!reply.ok) return reply;
    Object.assign(state, { held: { key: JSON.stringify(tag), antenna, isAlone: true }, names: reply.value });
    return held;
  };
  return {
    begin: (signal) => void Object.assign(state, { signal, held: null, last: null, names: [] }),
    signal: () => state.signal,
    order: (ports) => [...ports].sort((a, b) => Number(b === state.last) - Number(a === state.last)),
    take: async (tag, antenna) => (isHeld(tag, antenna) && state.held?.isAlone === true ? held : hold(tag, antenna)),
    preselect: async (tag, antenna, preselect) => {
      const taken = isHeld(tag, antenna) ? held : await hold(tag, antenna);
      if (!taken.ok) return taken;
      if (tag.epc === undefined && state.names.length === 0) return { ok: false, error: 'noTag', sent: true };
      if (state.held !== null) state.held = { ...state.held, isAlone: false };
      return selectElse(deps, state.signal, antenna, preselect);
    },
    checked: (answer, tag, renamed) => checked(state, answer, tag, renamed),
    letGo: async () => {
      state.held = null;
      for (const operation of profile.access?.after ?? []) {
        // What fails here is played again with the next command, or with the set-up.
        await replyOf(state.signal, () => talk.ask(operation, portValues(antennas())));
      }
    },
  };
}

type State = {
  signal: AbortSignal;
  /** `isAlone`: only this tag answers, no other Select was sent since. */
  held: { readonly key: string; readonly antenna: number; readonly isAlone: boolean } | null;
  /** The antenna that had the tag last. */
  last: number | null;
  /** What the tag that is held calls itself, as far as it was heard. */
  names: readonly string[];
};

/**
 * Singles the tag out and looks that nobody else is; where the reader cannot single out, that it is there alone. Gives the
 * EPCs under which it was seen, none where nobody looked.
 */
async function prepare(
  { profile, talk, census }: TagAccessDeps,
  signal: AbortSignal,
  tag: TagSelect,
  antenna: number,
): Promise<Reply<readonly string[]>> {
  const { before = [], alone = false } = profile.access ?? {};
  const values = { ...portValues([antenna]), ...targetValues(profile, tag) };
  for (const operation of before) {
    const reply = await replyOf(signal, () => talk.ask(operation, values, { forms: ['mask', 'epc'] }));
    if (!reply.ok) return reply;
  }
  if (tag.tid === undefined && !alone) return { ok: true, value: [] };
  const counted = await replyOf(signal, () => census.take(values, ['mask'], signal));
  if (!counted.ok) return counted;
  const judgement = judged(counted.value, tag, alone);
  const reply = judgement.ok && alone && tag.tid !== undefined ? await hasTid(talk, signal, tag.tid) : judgement;
  return reply.ok ? { ok: true, value: [...(counted.value ?? [])] } : reply;
}

async function selectElse(
  { profile, talk, clock }: TagAccessDeps,
  signal: AbortSignal,
  antenna: number,
  preselect: Preselect,
): Promise<Reply<null>> {
  const values = { ...portValues([antenna]), ...preselectValues(profile, preselect) };
  for (const operation of profile.access?.preselect ?? []) {
    const reply = await replyOf(signal, () => talk.ask(operation, values, { forms: ['mask'] }));
    if (!reply.ok) return reply;
  }
  await pause(clock, preselect.waitMs, signal);
  return held;
}

async function hasTid(talk: TagAccessDeps['talk'], signal: AbortSignal, tid: string): Promise<Reply<null>> {
  const values = { bank: memoryBanks.indexOf('tid'), word: 0, words: tid.length / 4 };
  const seen = await replyOf(signal, () => talk.ask('readMemory', values, { hears: true }));
  if (!seen.ok) return seen;
  return seen.value.fields['memory'] === tid ? { ok: true, value: null } : { ok: false, error: 'noTag', sent: true };
}

function checked(state: State, answer: ReaderAnswer, tag: TagSelect, renamed: string | undefined): Reply<ReaderAnswer> {
  const { tags, epc } = answer.fields;
  if (typeof tags === 'number' && tags > 1) return several;
  const expected = tag.epc === undefined ? state.names : [tag.epc];
  const names = renamed === undefined ? [] : [renamed];
  if (typeof epc === 'string') {
    if (expected.length > 0 && ![...expected, ...names].includes(epc)) return several;
    state.names = [epc, ...names];
  }
  state.last = state.held?.antenna ?? null;
  return { ok: true, value: answer };
}

function judged(found: ReadonlySet<string> | null, tag: TagSelect, alone: boolean): Reply<null> {
  if (found === null) return { ok: true, value: null };
  if (found.size > 1) return several;
  if (alone && found.size === 0) return { ok: false, error: 'noTag', sent: true };
  const isOther = alone && tag.epc !== undefined && !found.has(tag.epc);
  return isOther ? { ok: false, error: 'noTag', sent: true } : { ok: true, value: null };
}
