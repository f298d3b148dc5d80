import type { Reply, TagAccess, Target } from './access.ts';
import { type Ending, failed, type Trail } from './trail.ts';
import { writeVerified } from './verified-write.ts';

/** PC is word 1 of the EPC bank, the EPC begins behind it (Gen2v2, 6.3.2.1.2). */
const PC_WORD = 1;
const TID_WORDS = 6;
const LENGTH_BITS = 0xf800;

/**
 * Gives a tag another EPC. The tag is held by its TID where the reader can select by it, because its EPC changes under the
 * hand; the PC keeps the tag's own bits and gets the new length.
 */
export async function writeEpc(trail: Trail, access: TagAccess, target: Target, epc: string): Promise<Ending> {
  const tid = await tidOf(trail, access, target);
  if (tid !== null && !tid.ok) return failed(tid.error);
  const held: Target = tid === null ? target : { ...target, tag: { tid: tid.value } };
  const words = PC_WORD + epc.length / 4;
  const lookAt = (at: Target): Promise<Reply<string>> => access.read(at, 'epc', PC_WORD, words);
  const renamed: Target = held.tag.tid === undefined ? { ...held, tag: { epc } } : held;
  const old = await trail.take('read PC', access.read(held, 'epc', PC_WORD, 1));
  if (!old.ok) return failed(old.error);
  const pc = pcFor(old.value, epc);
  const ending = await writeVerified(trail, {
    look: () => lookAt(held),
    write: () => access.writeEpc(held, pc, epc),
    lookAgain: () => firstThatAnswers(() => lookAt(renamed), held === renamed ? null : () => lookAt(held)),
    isWanted: (seen) => seen.slice(4) === epc && lengthOf(seen) === lengthOf(pc),
  });
  const known = ending.outcome === 'done' ? epc : ending.outcome === 'failed' ? (target.tag.epc ?? null) : null;
  return { ...ending, epc: known, tid: held.tag.tid ?? null, data: ending.data ?? null };
}

/** `null` where the reader cannot select by TID: then the EPC has to do. */
async function tidOf(trail: Trail, access: TagAccess, target: Target): Promise<Reply<string> | null> {
  if (target.tag.tid !== undefined) return { ok: true, value: target.tag.tid };
  if (!access.selectBy.includes('tid')) return null;
  const tid = await trail.take('read TID', access.read(target, 'tid', 0, TID_WORDS));
  // A chip with a short TID is still a tag: it is held by its EPC.
  return !tid.ok && tid.error === 'memory' ? null : tid;
}

/** A tag that kept its old EPC answers to that one only. */
async function firstThatAnswers(
  now: () => Promise<Reply<string>>,
  before: (() => Promise<Reply<string>>) | null,
): Promise<Reply<string>> {
  const seen = await now();
  return seen.ok || before === null || seen.error !== 'noTag' ? seen : before();
}

function pcFor(old: string, epc: string): string {
  const rest = Number.parseInt(old, 16) & ~LENGTH_BITS;
  return (rest | ((epc.length / 4) << 11)).toString(16).toUpperCase().padStart(4, '0');
}

function lengthOf(words: string): number {
  return Number.parseInt(words.slice(0, 4), 16) & LENGTH_BITS;
}
