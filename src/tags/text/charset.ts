/** A set of characters by code: `has[code]` is 1 for a member. */
export type CharSet = { readonly name: string; readonly has: Uint8Array };

/** The set of the characters of `members`, all ASCII. */
export function charSet(name: string, members: string): CharSet {
  const has = new Uint8Array(128);
  for (const member of members) has[member.charCodeAt(0)] = 1;
  return { name, has };
}

const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = 'abcdefghijklmnopqrstuvwxyz';

/** GS1 AI encodable character set 82 [TDS table A-1]. */
export const set82 = charSet('character set 82', `!"%&'()*+,-./:;<=>?_${digits}${upper}${lower}`);

/** GS1 AI encodable character set 39, for component and part references [TDS table A-2]. */
export const set39 = charSet('character set 39', `#-/${digits}${upper}`);

/** GS1 AI encodable character set 64, base64 for file names and addresses [GS1 General Specifications 7.11]. */
export const set64 = charSet('character set 64', `-_${digits}${upper}${lower}`);

/** What a part number of ADI may hold: set 39 without `#`. */
export const setPart = charSet('- / 0-9 A-Z', `-/${digits}${upper}`);

/** CAGE and DoDAAC codes have no I and no O [TDS 6.3.12]. */
export const setCage = charSet('0-9 A-Z without I and O', `${digits}${upper}`.replace('I', '').replace('O', ''));

/** The position of the first character of `text` outside `set`, or -1. */
export function strayAt(text: string, set: CharSet): number {
  for (let at = 0; at < text.length; at++) if (set.has[text.charCodeAt(at)] !== 1) return at;
  return -1;
}
