import type { CommandError, MemoryBank } from '../../protocols/index.ts';
import type { Reply, TagAccess, Target } from '../commands/access.ts';
import type { Operation } from './op-specs.ts';
import { OUR_ACCESSSPEC } from './requests.ts';
import type { SessionFacts } from './session.ts';
import type { Execution, TagOperations } from './tag-operations.ts';

export type TagAccessDeps = {
  readonly operations: Pick<TagOperations, 'operate'>;
  facts(): SessionFacts;
};

type Read = Extract<Operation, { kind: 'read' }>;

/** The TID up to the end of its serial number, which no other tag has. */
const TID_WORDS = 6;
const readTid: Read = { kind: 'read', bank: 'tid', word: 0, words: TID_WORDS };

/** Tag access by AccessSpecs, while inventory runs. */
export function createTagAccess({ operations, facts }: TagAccessDeps): TagAccess {
  const operate: TagOperations['operate'] = (...given) => {
    const error = obstacle(facts());
    return error === null ? operations.operate(...given) : Promise.resolve({ ok: false, error, sent: false });
  };
  const deps: TagAccessDeps = { operations: { operate }, facts };
  const once = async (target: Target, operation: Operation): Promise<Reply<null>> => {
    const operated = await operate(target, [operation], 1);
    if (!operated.ok) return operated;
    const [outcome] = operated.executions[0] ?? [];
    const error = outcome === undefined ? 'noTag' : outcome.error;
    return error === null ? { ok: true, value: null } : { ok: false, error, sent: true };
  };
  return {
    selectBy: ['epc', 'tid'],
    can: ['read', 'write', 'lock', 'kill'],
    read: (target, bank, word, words) => readOne(deps, target, { kind: 'read', bank, word, words }),
    write: (target, bank, word, data) => once(target, { kind: 'write', bank, word, data }),
    writeEpc: (target, pc, epc) => once(target, { kind: 'write', bank: 'epc', word: 1, data: pc + epc }),
    lock: async (target, lock) => {
      // Nobody has looked at the tag before: another of the same name must not be locked in its place.
      const seen = isWhole(target) ? null : await readOne(deps, target, readTid);
      if (seen !== null && !seen.ok && alone.includes(seen.error)) return { ...seen, sent: false };
      return once(target, { kind: 'lock', lock });
    },
    kill: (target, killPassword) => once(target, { kind: 'kill', killPassword }),
  };
}

/** What is in the way of any operation; null where nothing is. */
function obstacle({ phase, wanted, learned: { has, accessSpecs } }: SessionFacts): CommandError | null {
  // Without inventory no tag would ever be met.
  if (phase !== 'running' || !wanted.reading) return 'offline';
  const most = has?.maxAccessSpecs ?? 0;
  const others = (accessSpecs ?? []).filter((id) => id !== OUR_ACCESSSPEC).length;
  return most > 0 && others >= most && !wanted.takeOver ? 'busy' : null;
}

/** With these there is no tag, or not only one, to be worked on. */
const alone: readonly CommandError[] = ['noTag', 'severalTags', 'offline', 'timeout'];

/** A TID with its serial number is of one tag only. */
function isWhole({ tag }: Target): boolean {
  return (tag.tid ?? '').length >= 4 * TID_WORDS;
}

/**
 * Reads of the one tag that is meant. An EPC, or the beginning of a TID, may be that of several: the read is done twice
 * where the reader comes to it, with the TID beside it, and two TIDs are two tags.
 */
async function readOne({ operations, facts }: TagAccessDeps, target: Target, read: Read): Promise<Reply<string>> {
  const { learned } = facts();
  const single = isWhole(target);
  const beside = !single && read.bank !== 'tid' && learned.has?.maxOpSpecs !== 1 ? [readTid] : [];
  const operated = await operations.operate(target, [read, ...beside], single ? 1 : 2);
  if (!operated.ok) return operated;
  const { executions } = operated;
  if (tidsOf(executions, read.bank).size > 1) return { ok: false, error: 'severalTags', sent: true };
  const good = executions.find(([outcome]) => outcome?.error === null)?.[0];
  if (good !== undefined) return { ok: true, value: good.data };
  const error = executions[0]?.[0]?.error ?? 'noTag';
  return { ok: false, error: learned.version > 1 ? error : plainer(error, read.bank), sent: true };
}

function tidsOf(executions: readonly Execution[], bank: MemoryBank): Set<string> {
  const outcomes = executions.map((outcomes) => (bank === 'tid' ? outcomes[0] : outcomes[1]));
  return new Set(outcomes.flatMap((outcome) => (outcome?.error === null ? [outcome.data] : [])));
}

/**
 * LLRP 1.0.1 has one word for all that a tag refuses of a read. Only passwords can be shut from reading (Gen2v2,
 * 6.3.2.12.3.5); any other bank refuses what lies behind its end.
 */
function plainer(error: CommandError, bank: MemoryBank): CommandError {
  if (error !== 'tag') return error;
  return bank === 'reserved' ? 'locked' : 'memory';
}
