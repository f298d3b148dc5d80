import type { Match } from '../vocabulary/framing-profile.ts';
import { bytesOf } from './hex.ts';

/** Whether a whole frame is of the kind that a match describes. */
export type Matcher = (frame: Uint8Array) => boolean;

type Also = NonNullable<Match['also']>[number];

/** Compiles one match of a profile. */
export function compileMatch({ at = 0, is = '', also = [], sizes, notSizes = [] }: Match): Matcher {
  const first = bytesOf(is);
  const rest = also.map(compileAlso);
  return (frame) => {
    if (!stands(first, frame, at)) return false;
    if (sizes !== undefined && !sizes.includes(frame.length)) return false;
    return !notSizes.includes(frame.length) && rest.every((matches) => matches(frame));
  };
}

/** Whether any of several matches holds. */
export function compileMatches(matches: readonly Match[] = []): Matcher {
  const compiled = matches.map(compileMatch);
  return (frame) => compiled.some((match) => match(frame));
}

function compileAlso({ at, in: allowed, not = [], mask }: Also): Matcher {
  const yes = allowed?.map(bytesOf);
  const no = not.map(bytesOf);
  const bits = mask === undefined ? null : bytesOf(mask);
  return (frame) => {
    const view = bits === null ? frame : masked(frame, at, bits);
    const from = bits === null ? at : 0;
    const has = (bytes: Uint8Array) => stands(bytes, view, from);
    return (yes === undefined || yes.some(has)) && !no.some(has);
  };
}

function masked(frame: Uint8Array, at: number, bits: Uint8Array): Uint8Array {
  return bits.map((bit, i) => bit & (frame[at + i] ?? 0));
}

function stands(bytes: Uint8Array, frame: Uint8Array, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (frame[at + i] !== bytes[i]) return false;
  return true;
}
