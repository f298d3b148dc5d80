import { sentenceOf } from '../../kit/index.ts';
import { detailsOf, type LlrpProfile, namesOf } from '../../protocols/index.ts';
import type { Control, Reply } from '../commands/access.ts';
import type { ReaderCommand, ReaderSettings } from '../commands/command.ts';
import { readerConfigOf } from './reader-config.ts';
import { request } from './requests.ts';
import type { LlrpSession, SessionFacts } from './session.ts';
import { createTagAccess } from './tag-access.ts';
import type { TagOperations } from './tag-operations.ts';
import { refusalOf, type Wanted, withSettings } from './wanted.ts';

export type LlrpControlDeps = {
  readonly profile: LlrpProfile;
  readonly session: LlrpSession;
  readonly operations: TagOperations;
  /** True while reads come that were not asked for: inventory runs for a command only, or without its filter. */
  hush(on: boolean): void;
};

const ready: Reply<null> = { ok: true, value: null };

/** What an LLRP reader does on command. */
export function createLlrpControl(deps: LlrpControlDeps): Control {
  const { session, operations } = deps;
  const apply = (change: (wanted: Wanted) => Wanted) => session.apply(change(session.facts().wanted));
  const setReading = (reading: boolean): Promise<Reply<null>> => {
    const { phase, wanted } = session.facts();
    return wanted.reading === reading && phase === 'running'
      ? Promise.resolve(ready)
      : apply((before) => ({ ...before, reading }));
  };
  return {
    unready: () => unreadyOf(session.facts()),
    identify: () => identify(deps),
    start: () => setReading(true),
    stop: () => setReading(false),
    configure: (settings) => apply((before) => withSettings(before, settings)),
    access: createTagAccess({ operations, facts: session.facts }),
    exclusively: (run) => withOpenInventory(deps, run),
  };
}

function unreadyOf({ phase, canApply }: SessionFacts) {
  if (phase === 'setUp') return 'busy';
  return canApply ? null : 'offline';
}

/**
 * AccessSpecs are carried out on tags that inventory meets. So it goes on, and begins where it rests; a filter that would
 * hide the tag is left out meanwhile, and sessions in which a tag keeps still after it was read.
 */
async function withOpenInventory<T>({ session, hush }: LlrpControlDeps, run: () => Promise<T>): Promise<T> {
  const { wanted, phase } = session.facts();
  const isLively = (wanted.session ?? 0) < 2;
  const isOpen = wanted.reading && wanted.filter === null && isLively && phase === 'running';
  if (isOpen) return run();
  hush(!wanted.reading || wanted.filter !== null);
  try {
    await session.apply({ ...wanted, reading: true, filter: null, session: isLively ? wanted.session : 1 });
    return await run();
  } finally {
    await session.apply(wanted);
    hush(false);
  }
}

async function identify({
  profile,
  session,
}: LlrpControlDeps): Promise<Reply<Readonly<Record<string, string | number>>>> {
  const { learned } = session.facts();
  const configured = await session.ask(request('GET_READER_CONFIG'));
  if (!configured.ok && configured.error === 'timeout') return configured;
  const detailed = await askDetails(profile, session);
  const { has } = learned;
  const names = has === null ? {} : namesOf(has, profile);
  const config = configured.ok ? readerConfigOf(configured.told) : null;
  const facts = {
    ...names,
    firmware: has?.firmware,
    region: has?.region,
    country: has?.country,
    antennas: has?.maxAntennas,
    minDbm: has?.powers.at(0)?.dbm,
    maxDbm: has?.powers.at(-1)?.dbm,
    protocol: learned.version > 1 ? 'LLRP 1.1' : 'LLRP 1.0.1',
    [config?.readerIdKind ?? 'mac']: config?.readerId,
    ...detailed,
  };
  const told = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return { ok: true, value: Object.fromEntries(told) as Record<string, string | number> };
}

async function askDetails({ details }: LlrpProfile, session: LlrpSession): Promise<Record<string, string>> {
  if (details === undefined) return {};
  const asked = Buffer.from(details.ask.replaceAll(' ', ''), 'hex');
  // 1: the general capabilities only, besides.
  const answer = await session.ask(request('GET_READER_CAPABILITIES', { requested: 1 }, [asked]));
  return answer.ok ? detailsOf(answer.told, details) : {};
}

/** What of a command lies outside of what the reader says it can do; null when nothing does, or while it is not known. */
export function llrpProblemOf(command: ReaderCommand, { wanted, learned: { has } }: SessionFacts): string | null {
  if (command.command === 'configure') return has === null ? null : configureProblem(command.settings, wanted, has);
  const antenna = 'antenna' in command ? command.antenna : undefined;
  if (antenna === undefined || wanted.antennas.includes(antenna)) return null;
  return `Antenna ${antenna} is not in use on this reader: its antennas are ${wanted.antennas.join(', ')}.`;
}

function configureProblem(settings: ReaderSettings, wanted: Wanted, has: NonNullable<SessionFacts['learned']['has']>) {
  const refusal = refusalOf(withSettings(wanted, settings), has);
  return refusal === null ? null : sentenceOf(refusal.problem);
}
