import type { TagError, TagErrorCode } from './epc.ts';

/** A reason as a value. `position` counts bits of the EPC or characters of the text; `message` is one plain sentence. */
export function tagError(
  code: TagErrorCode,
  message: string,
  position: number | null = null,
  expected: string | null = null,
): TagError {
  return { code, message, position, expected };
}
