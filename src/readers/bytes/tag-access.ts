import {
  type ByteProfile,
  type Form,
  type MemoryBank,
  memoryBanks,
  type Operation,
  type ReaderAnswer,
  type TemplateValues,
} from '../../protocols/index.ts';
import type { Preselect } from '../../tags/index.ts';
import type { LockWord, Reply, TagAccess, Target } from '../commands/access.ts';
import { lockValues } from './lock-parts.ts';
import { preselectValues, says, selectable, targetValues } from './mask.ts';
import { replyOf, unsent } from './reply.ts';
import { portValues } from './settings.ts';
import { createTagHold, type TagAccessDeps, type TagHold } from './tag-hold.ts';

/** Steps on one tag, and what lets go of it when the command is over. */
export type HeldAccess = TagAccess & {
  /** Under the hold of this signal, until the next `begin`. */
  begin(signal: AbortSignal): void;
  letGo(): Promise<void>;
};

/** PC and EPC are written together, from word 1 of their bank (Gen2v2, 6.3.2.1.2). */
const PC_WORD = 1;

/** The steps that the profile has commands for. */
export function createTagAccess(deps: TagAccessDeps): HeldAccess {
  const { profile } = deps;
  const { commands } = profile;
  const hold = createTagHold(deps);
  const step: Step = (target, operation, values, how = {}) =>
    onSomeAntenna(deps, hold, target, (antenna) => once(deps, hold, { target, antenna, operation, values, how }));
  const write = (target: Target, bank: MemoryBank, word: number, data: string, how?: How) =>
    step(target, 'writeMemory', { bank: memoryBanks.indexOf(bank), word, data }, how).then(nothing);
  const can = { read: 'readMemory', write: 'writeMemory', lock: 'lock', kill: 'kill' } as const;
  return {
    selectBy: selectable(profile),
    can: [
      ...(Object.keys(can) as (keyof typeof can)[]).filter((name) => commands[can[name]] !== undefined),
      ...(profile.access?.preselect === undefined ? [] : ['preselect' as const]),
    ],
    read: async (target, bank, word, words, preselect) => {
      const values = { bank: memoryBanks.indexOf(bank), word, words };
      const reply = await step(target, 'readMemory', values, { preselect });
      if (!reply.ok) return reply;
      const memory = String(reply.value.fields['memory'] ?? '');
      return memory.length === words * 4 ? { ok: true, value: memory } : { ok: false, error: 'tag', sent: true };
    },
    write,
    writeEpc: (target, pc, epc) =>
      says(profile, 'mask', 'writeEpc')
        ? step(target, 'writeEpc', { newEpc: epc }, { renamed: epc }).then(nothing)
        : write(target, 'epc', PC_WORD, pc + epc, { renamed: epc }),
    lock: (target, word) => lock(profile, step, target, word),
    kill: (target, killPassword) =>
      step(target, 'kill', { killPassword: Number.parseInt(killPassword, 16) }).then(nothing),
    begin: hold.begin,
    letGo: hold.letGo,
  };
}

const nothing = (reply: Reply<unknown>): Reply<null> => (reply.ok ? { ok: true, value: null } : reply);

/** `renamed`: what the step itself makes the tag call itself. `preselect`: a Select to send before it. */
type How = { readonly renamed?: string | undefined; readonly preselect?: Preselect | undefined };
type Step = (target: Target, operation: Operation, values: TemplateValues, how?: How) => Promise<Reply<ReaderAnswer>>;

/** Part after part where the family locks so; one that fails after another was locked leaves the tag half locked. */
async function lock(profile: ByteProfile, step: Step, target: Target, word: LockWord): Promise<Reply<null>> {
  let isBegun = false;
  for (const values of lockValues(profile, word)) {
    const reply = await step(target, 'lock', values);
    if (!reply.ok) return isBegun ? { ok: false, error: 'tag', sent: true } : reply;
    isBegun = true;
  }
  return { ok: true, value: null };
}

/** By the antenna that is named, else by each in turn until one has the tag; first by the one that had it last. */
async function onSomeAntenna(
  deps: TagAccessDeps,
  hold: TagHold,
  target: Target,
  by: (antenna: number) => Promise<Reply<ReaderAnswer>>,
): Promise<Reply<ReaderAnswer>> {
  const chooses = deps.profile.commands.setAntenna !== undefined;
  const ports = target.antenna === null ? (chooses ? hold.order(deps.antennas()) : [1]) : [target.antenna];
  let reply: Reply<ReaderAnswer> = { ok: false, error: 'noTag', sent: false };
  let isSent = false;
  for (const antenna of ports) {
    reply = await by(antenna);
    isSent ||= reply.ok || reply.sent;
    if (reply.ok || reply.error !== 'noTag') break;
  }
  return reply.ok ? reply : { ...reply, sent: isSent };
}

type Deed = {
  readonly target: Target;
  readonly antenna: number;
  readonly operation: Operation;
  readonly values: TemplateValues;
  readonly how: How;
};

async function once(
  { profile, talk }: TagAccessDeps,
  hold: TagHold,
  { target, antenna, operation, values, how: { renamed, preselect } }: Deed,
): Promise<Reply<ReaderAnswer>> {
  const { tag } = target;
  const taken = await (preselect === undefined ? hold.take(tag, antenna) : hold.preselect(tag, antenna, preselect));
  if (!taken.ok) return unsent(taken);
  const mask = preselect === undefined ? targetValues(profile, tag) : preselectValues(profile, preselect);
  const password = target.password === null ? 0 : Number.parseInt(target.password, 16);
  const all = { ...portValues([antenna]), ...mask, password, ...values };
  const secured: readonly Form[] = password === 0 ? [] : ['maskPassword'];
  const ask = () => talk.ask(operation, all, { forms: [...secured, 'mask', 'epc'], hears: true });
  const reply = await replyOf(hold.signal(), ask);
  return reply.ok ? hold.checked(reply.value, tag, renamed) : reply;
}
