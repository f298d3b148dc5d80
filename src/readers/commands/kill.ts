import type { Reply, TagAccess, Target } from './access.ts';
import { ZERO_PASSWORD } from './lock.ts';
import { done, type Ending, failed, refused, type Trail, unsure } from './trail.ts';

/** Kills a tag for ever, then looks whether it is gone. */
export async function killTag(trail: Trail, access: TagAccess, target: Target, killPassword: string): Promise<Ending> {
  if (killPassword === ZERO_PASSWORD) {
    return refused('parameter', 'A tag whose kill password is zero cannot be killed (Gen2): set one first.');
  }
  const before = await trail.take('look', access.read(target, 'epc', 1, 1));
  if (!before.ok) return failed(before.error);
  const told = await trail.take('kill', access.kill(target, killPassword));
  if (!told.ok && !told.sent) return failed(told.error);
  const gone = await trail.take('verify', lookGone(access, target));
  if (gone.ok) return told.ok ? done() : unsure(told.error);
  const complaint = told.ok ? gone.error : told.error;
  return gone.error === 'verify' ? failed(complaint) : unsure(complaint);
}

/** A killed tag never answers again; one that does was not killed. */
async function lookGone(access: TagAccess, target: Target): Promise<Reply<null>> {
  const after = await access.read(target, 'epc', 1, 1);
  if (after.ok) return { ok: false, error: 'verify', sent: true };
  return after.error === 'noTag' ? { ok: true, value: null } : after;
}
