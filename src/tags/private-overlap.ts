import { tagError } from './error.ts';
import { fixedBits, type PrivateFault, type PrivateScheme, privateSchemeFault } from './private-scheme.ts';
import { identifiers, schemes as standard } from './schemes/table.ts';

/** Whether one content could be a tag of both: no bit that both fix differs. What follows a scheme's fields is zero. */
function mayMeet(one: string, other: string, fillOther: '0' | 'x'): boolean {
  const length = Math.max(one.length, other.length);
  const [a, b] = [one.padEnd(length, '0'), other.padEnd(length, fillOther)];
  for (let at = 0; at < length; at++) {
    if (a.charAt(at) !== b.charAt(at) && a.charAt(at) !== 'x' && b.charAt(at) !== 'x') return false;
  }
  return true;
}

/** Names that an `Epc` has as its `scheme` without any private one, and by which the standard's are asked for. */
const taken: ReadonlySet<string> = new Set(['raw', ...[...standard, ...identifiers].map(({ name }) => name)]);

function gs1Fault(scheme: PrivateScheme): PrivateFault | null {
  if (taken.has(scheme.name)) {
    const error = tagError('SYNTAX', 'A scheme of the standard has this name.', null, 'a name of its own');
    return { path: 'name', error };
  }
  if (scheme.shadowsGs1 === true) return null;
  const bits = fixedBits(scheme);
  const met = standard.find(({ header }) => mayMeet(bits, header.toString(2).padStart(8, '0'), 'x'));
  if (met === undefined) return null;
  const expected = 'first 8 bits that are no GS1 header, or shadowsGs1: true';
  return { path: 'fields', error: tagError('SYNTAX', `Its tags could be ${met.name} tags.`, null, expected) };
}

/**
 * Every reason why these private schemes cannot be used, with its place (`0/fields/1/bits`): each in itself; two that the same content
 * would fit; and one whose tags could be those of a GS1 scheme, unless it says that this is meant.
 */
export function privateSchemeFaults(schemes: readonly PrivateScheme[]): PrivateFault[] {
  return schemes.flatMap((scheme, at) => {
    const fault = privateSchemeFault(scheme) ?? gs1Fault(scheme) ?? meeting(schemes.slice(0, at), scheme);
    return fault === null ? [] : [{ ...fault, path: `${at}/${fault.path}` }];
  });
}

function meeting(before: readonly PrivateScheme[], scheme: PrivateScheme): PrivateFault | null {
  if (before.some(({ name }) => name === scheme.name)) {
    return { path: 'name', error: tagError('SYNTAX', 'Two schemes have this name.', null, 'a name of its own') };
  }
  const other = before.find((one) => mayMeet(fixedBits(one), fixedBits(scheme), '0'));
  if (other === undefined) return null;
  const expected = 'fixed fields that tell the two apart';
  return { path: 'fields', error: tagError('SYNTAX', `Its tags could be those of ${other.name}.`, null, expected) };
}
