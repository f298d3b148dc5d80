import type { ByteProfile } from '../vocabulary/byte-profile.ts';
import type { Operation } from '../vocabulary/operations.ts';

/**
 * The opcode of an operation as hex, from its name or, where several operations share one, from what its answer begins
 * with; null where neither tells.
 */
export function opcodeOf({ opcode, commands }: ByteProfile, operation: Operation): string | null {
  const named = Object.entries(opcode.names).find(([, name]) => name === operation)?.[0];
  return named ?? opcodeIn(commands[operation]?.answer?.match, opcode.at);
}

/** The opcode that a match asks for. */
export function opcodeIn(match: { at?: number; is?: string } | undefined, at: number): string | null {
  const place = 2 * (at - (match?.at ?? 0));
  const code = place < 0 ? '' : (match?.is ?? '').replaceAll(' ', '').slice(place, place + 2);
  return code === '' ? null : code;
}
