import { GatewayError } from '../kit/index.ts';
import { applicationId, type Db } from './connection.ts';

/** Throws BACKUP_INVALID unless the open file is a whole database of ours. */
export function checkSound(db: Db, file: string): void {
  const refuse = (why: string, cause?: unknown) => invalid(file, why, cause);
  const check = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw refuse('it is no readable database', error);
    }
  };
  if (check(() => db.pragma('application_id', { simple: true })) !== applicationId)
    throw refuse('it was not written by Silentgate');
  const found = check(() => db.pragma('integrity_check(1)', { simple: true }));
  if (found !== 'ok') throw refuse(`it is damaged (${String(found)})`);
  const strays = check(() => db.pragma('foreign_key_check'));
  if (Array.isArray(strays) && strays.length > 0) throw refuse('its tables contradict each other');
}

/** BACKUP_INVALID for a file, with the reason. */
export function invalid(file: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('BACKUP_INVALID', `${file} cannot be used as a backup: ${why}.`, { file }, cause);
}
