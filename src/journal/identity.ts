/** A GTIN with a serial number as a Digital Link: most of what is read. */
const link = 'https://id.gs1.org/01/';
const serialAi = '/21/';
const gtinDigits = 14;
const serialAiAt = link.length + gtinDigits;
const serialAt = serialAiAt + serialAi.length;

/** An identity in two columns: a GTIN as a number and the serial as it stands in the link, or 0 and the whole identity. */
export type Identity = { readonly class: number; readonly serial: string };

/** Takes an identity apart; `idOf` puts it together again. */
export function identityOf(id: string): Identity {
  if (id.startsWith(link) && id.startsWith(serialAi, serialAiAt)) {
    const number = gtinNumber(id.slice(link.length, serialAiAt));
    if (number !== null && number > 0) return { class: number, serial: id.slice(serialAt) };
  }
  return { class: 0, serial: id };
}

export function idOf(identity: Identity): string {
  if (identity.class === 0) return identity.serial;
  return `${link}${gtinText(identity.class)}${serialAi}${identity.serial}`;
}

/** A GTIN-14 as a number, or null for any other text. */
export function gtinNumber(text: string): number | null {
  if (text.length !== gtinDigits) return null;
  let number = 0;
  for (let at = 0; at < gtinDigits; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit < 10)) return null;
    number = 10 * number + digit;
  }
  return number;
}

export function gtinText(number: number): string {
  return String(number).padStart(gtinDigits, '0');
}

const uriStart = 'urn:epc:id:sgtin:';

/**
 * The pure identity URI of a GTIN with a serial number, whose company prefix has `digits` digits [TDS 6.3.1]: indicator and
 * item reference change places with the prefix, the check digit falls away.
 */
export function sgtinUri(identity: Identity, digits: number): string {
  const gtin = gtinText(identity.class);
  return `${uriStart}${gtin.slice(1, 1 + digits)}.${gtin.charAt(0)}${gtin.slice(1 + digits, -1)}.${identity.serial}`;
}

/** How many digits the company prefix of a URI has that `sgtinUri` makes of this identity; 0 where it makes another. */
export function prefixDigits(identity: Identity, uri: string): number {
  if (identity.class === 0 || !uri.startsWith(uriStart)) return 0;
  const digits = uri.indexOf('.', uriStart.length) - uriStart.length;
  return digits > 0 && digits < gtinDigits - 1 && sgtinUri(identity, digits) === uri ? digits : 0;
}
