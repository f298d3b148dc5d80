import type { ReaderStatus } from '../../readers/index.ts';
import type { Check } from './check.ts';

/** What supervision found of one reader, its main state first. */
export function checkReader({ id, findings }: ReaderStatus): Check[] {
  return findings.map((finding) => ({ name: `reader ${id}`, ...finding }));
}
