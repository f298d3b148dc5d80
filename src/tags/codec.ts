import type { PrefixTable } from './company-prefix.ts';
import { decodeEpc, identityOf, keyOf } from './decode.ts';
import { type EncodeOptions, encodeEpc } from './encode.ts';
import type { Epc, ParseResult, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { splitPc } from './memory/pc-word.ts';
import { isText, parseTag } from './parse.ts';
import type { ParseOptions } from './prefix.ts';
import { encodePrivate, type PrivateScheme, parsePrivate, privateEpc, privateUrn } from './private-scheme.ts';
import { schemeNamed } from './schemes/table.ts';
import { rawEpc } from './tag.ts';
import type { TagRead } from './tag-read.ts';
import { identityNamed, tokenNamed } from './token.ts';

/** What a store adds to the standard. */
export type TagRules = {
  /** Its own bit-field schemes, asked before the standard's. */
  readonly schemes?: readonly PrivateScheme[] | undefined;
  /** Lengths of company prefixes, so that `+` tags and links have EPC URIs. */
  readonly companyPrefixes?: PrefixTable | undefined;
};

/** What a reader reported of one tag. */
export type ReadContent = Pick<TagRead, 'idType' | 'epc' | 'pc'>;

/** The codec as one store uses it: the standard, and what the store adds. */
export type TagCodec = {
  /** An identity for any content of an EPC field (hex), with the reason where it could not be decoded. */
  identityOf(hex: string): { epc: Epc; problem: TagError | null };
  /** Any text form of one thing, URNs of private schemes included. */
  parse(text: string, options?: ParseOptions): ParseResult;
  /** Any form as the content of a tag; `scheme` may be a private one, for its own URN or hex. */
  encode(text: string, options?: EncodeOptions): TagResult;
  /** The identity behind what a reader reported. */
  readIdentityOf(read: ReadContent): string;
  /** A read whose EPC has the PC word in front, with the word where it belongs; any other read as it is. */
  withoutPc<R extends ReadContent>(read: R): R;
  /** The identity that a text names: any form that `parse` knows, or a URN of ours. Null when it names none. */
  identityNamed(text: string): string | null;
  /**
   * The identity of a person's token: `uid:HEX`, or what `identityNamed` knows. Digits of a card's length that are no GTIN are its UID;
   * a GTIN and other classes of things are no token: null.
   */
  tokenNamed(text: string): string | null;
};

/**
 * The AFI of a read whose PC word says that it is no EPC but an ISO UII (the toggle bit), as two hex digits; else null
 * [TDS 9.2.3].
 */
export function afiOf(pc: string | null): string | null {
  if (pc === null || pc.length !== 4) return null;
  const code = pc.charCodeAt(1);
  return (((code & 15) + (code >> 6) * 9) & 1) === 0 ? null : pc.slice(2).toUpperCase();
}

/** The codec of a store with these rules, which must have passed `privateSchemeFaults`. */
export function createTagCodec({ schemes = [], companyPrefixes }: TagRules): TagCodec {
  const lengths = { companyPrefixes };
  const withLengths = <T extends ParseOptions>(options: T): T => ({ ...lengths, ...options });
  const ownTag = (text: string) => (schemes.length === 0 || isText(text) ? null : privateEpc(schemes, text));
  const withoutPc = <R extends ReadContent>(read: R): R => {
    const split = read.idType === 'epc' && read.pc === null ? splitPc(read.epc) : null;
    if (split === null || privateEpc(schemes, read.epc) !== null) return read;
    return { ...read, epc: split.epc, pc: split.pc };
  };
  const codec: TagCodec = {
    withoutPc,
    identityOf: (given) => {
      const { epc: hex, pc } = withoutPc({ idType: 'epc', epc: given, pc: null });
      const afi = afiOf(pc);
      if (afi !== null) return { epc: rawEpc(hex, afi), problem: null };
      const own = privateEpc(schemes, hex);
      if (own !== null) return { epc: own, problem: null };
      if (companyPrefixes === undefined) return identityOf(hex);
      const decoded = decodeEpc(hex, lengths);
      return decoded.ok && decoded.epc.scheme !== 'raw' ? { epc: decoded.epc, problem: null } : identityOf(hex);
    },
    parse: (text, options = {}) => {
      if (text.startsWith(privateUrn)) {
        const named = parsePrivate(schemes, text);
        return named.ok ? { ...named, warnings: [] } : named;
      }
      const own = ownTag(text) ?? ownTag(splitPc(text)?.epc ?? text);
      return own === null ? parseTag(text, withLengths(options)) : { ok: true, epc: own, warnings: [] };
    },
    encode: (text, options = {}) => {
      const own = schemes.find(({ name }) => name === options.scheme);
      const isOwn = own !== undefined || text.startsWith(privateUrn) || ownTag(text) !== null;
      if (!isOwn) return encodeEpc(text, withLengths(options));
      const parsed = codec.parse(text, options);
      if (!parsed.ok) return parsed;
      if (options.scheme === undefined || parsed.epc.scheme === options.scheme) return { ok: true, epc: parsed.epc };
      return own === undefined ? notHeld(options.scheme) : encodePrivate(own, fitting(own, parsed.epc.fields));
    },
    readIdentityOf: (read) => {
      const { idType, epc, pc } = withoutPc(read);
      if (idType !== 'epc') return `urn:silentgate:${idType}:${epc.toUpperCase()}`;
      const afi = afiOf(pc);
      return afi === null ? (privateEpc(schemes, epc)?.id ?? keyOf(epc)) : rawEpc(epc, afi).id;
    },
    identityNamed: (text) => identityNamed(codec.parse, text),
    tokenNamed: (text) => tokenNamed(codec.parse, text),
  };
  return codec;
}

/** Why a private tag is not encoded in a scheme of the standard: whose serial it holds, only the store knows. */
function notHeld(scheme: string): TagResult {
  const error =
    schemeNamed(scheme) === null
      ? tagError('UNKNOWN_SCHEME', 'No scheme has this name.', null, 'sgtin-96, …')
      : tagError('NOT_ENCODABLE', `${scheme} does not hold a tag of the store’s own.`, null, 'its own scheme');
  return { ok: false, error };
}

/** A GTIN-14 in as many digits as the private scheme gives it, where only zeros fall away. */
function fitting(scheme: PrivateScheme, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { gtin } = fields;
  const size = scheme.fields.find(({ name }) => name === 'gtin')?.size ?? 14;
  return gtin === undefined || Number(gtin.slice(0, -size)) !== 0 ? fields : { ...fields, gtin: gtin.slice(-size) };
}

/** The standard alone. */
export const standardTags: TagCodec = createTagCodec({});
