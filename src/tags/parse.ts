import { hexProblem } from './bits/hex.ts';
import { newWriter } from './bits/writer.ts';
import { decodeEpc, identityOf, tagOfHex } from './decode.ts';
import { findKey, isPrimaryKey } from './elements.ts';
import type { TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { type GtinResult, parseGtin } from './gtin.ts';
import { failed, type Parsed, parsePattern, parsePure, parseTagUri } from './parse-uri.ts';
import { putAidc } from './plus/aidc.ts';
import { type ParseOptions, withComponents } from './prefix.ts';
import { rawEpc, spell } from './tag.ts';
import { splitLink } from './text/digital-link.ts';
import { type Elemental, type Pair, splitBracketed } from './text/element-string.ts';
import { looksPlain, splitPlain } from './text/plain.ts';
import { spoken } from './text/spoken.ts';

/** The first element beside the key that is none or holds what it may not, or `null`. */
function dataProblem(data: readonly Pair[], { pairs, starts }: Elemental): TagError | null {
  for (const pair of data) {
    const error = putAidc(newWriter(), pair);
    if (error !== null) return { ...error, position: starts[pairs.indexOf(pair)] ?? null };
  }
  return null;
}

function fromPairs(elements: Elemental, linkHost: string | null): Parsed {
  const found = findKey(elements);
  if (!found.ok) return found;
  const { identifier, rest } = found;
  const error = dataProblem(rest, elements);
  if (error !== null) return { ok: false, error };
  const nothing = { scheme: null, hex: null, filter: null, components: null, hostname: null, marks: [] };
  return { ok: true, tag: { identifier, elements: found.elements, linkHost, data: rest, ...nothing } };
}

function fromLink(text: string, options: ParseOptions): Parsed {
  const link = splitLink(text, isPrimaryKey, options.aliases === true);
  if (!link.ok) return link;
  const { host } = link.value;
  return fromPairs(link.value, host.toLowerCase() === 'id.gs1.org' ? null : host);
}

function fromElementString(text: string): Parsed {
  const pairs = text.startsWith('(') ? splitBracketed(text) : splitPlain(text);
  return pairs.ok ? fromPairs(pairs.value, null) : pairs;
}

const isWebAddress = (text: string) => /^[A-Za-z]+:\/\//.test(text);

/** Whether hex digits are an element string all the same: they make one, its check digit too, and no known tag. */
function isElementString(text: string): boolean {
  const tag = tagOfHex(text);
  if (tag.ok) return false;
  const parsed = fromElementString(text);
  if (!parsed.ok) return parsed.error.code === 'CLASS_LEVEL';
  return tag.error.code === 'RESERVED_HEADER' || parsed.tag.identifier.elements?.key.digits !== null;
}

/** Most characters of any form: far more than a tag holds, and little enough that nothing takes long over it. */
const maxText = 8192;

/** Why a text is refused before it is looked at, or `null`. */
export function sizeFault(text: string): TagError | null {
  if (text.length <= maxText) return null;
  return tagError('TOO_LONG', 'No identifier is as long as this.', maxText, `at most ${maxText} characters`);
}

/** Whether `text` is some text form and not hex. */
export function isText(text: string): boolean {
  if (text.startsWith('(') || text.startsWith('urn:') || isWebAddress(text)) return true;
  if (!looksPlain(text, isPrimaryKey)) return false;
  return hexProblem(text) !== null || isElementString(text);
}

/** Everything but hex and raw: EPC URIs, element strings, Digital Links. */
export function parseText(text: string, options: ParseOptions): Parsed {
  if (text.startsWith('urn:epc:tag:')) return parseTagUri(text);
  if (text.startsWith('urn:epc:id:') || text.startsWith('urn:epc:class:')) return parsePure(text);
  if (/^urn:epc:(?:id)?pat:/.test(text)) return parsePattern(text);
  if (isWebAddress(text)) return fromLink(text, options);
  if (text.startsWith('(') || looksPlain(text, isPrimaryKey)) return fromElementString(text);
  return failed('SYNTAX', 'This is no form of an identifier.', 0, 'hex, urn:epc:…, (01)… or https://…');
}

function parseRaw(text: string): TagResult {
  const match = /^urn:epc:raw:(?:(?:\[[a-z]+=[^\]]*\])+:)?(\d+)\.(?:x([0-9A-F]{2})\.)?x([0-9A-F]+)$/.exec(text);
  const [, bits = '', afi, hex = ''] = match ?? [];
  if (match === null || Number(bits) !== hex.length * 4) {
    return { ok: false, error: tagError('SYNTAX', 'This is not a raw URI.', 12, 'urn:epc:raw:96.x…') };
  }
  if (afi !== undefined) return { ok: true, epc: rawEpc(hex, afi) };
  return { ok: true, epc: identityOf(hex).epc };
}

/**
 * Reads any form of an identifier: hex of an EPC, tag URI, pure identity URI, class URI, raw URI, element string with brackets
 * or as a scanner sends it, Digital Link of any host. A bare GTIN is refused as `CLASS_LEVEL`: see `gtinOf`.
 */
export function parseTag(given: string, options: ParseOptions = {}): TagResult {
  const fault = sizeFault(given);
  if (fault !== null) return { ok: false, error: fault };
  const { text, dropped } = spoken(given);
  return behind(dropped, parseSpoken(text, options));
}

/** The outcome with its place counted from the front of what was given. */
export function behind<R extends TagResult | Parsed | GtinResult>(dropped: number, result: R): R {
  if (result.ok || dropped === 0 || result.error.position === null) return result;
  return { ...result, error: { ...result.error, position: result.error.position + dropped } };
}

function parseSpoken(text: string, options: ParseOptions): TagResult {
  if (text.startsWith('urn:epc:raw:')) return parseRaw(text);
  if (isText(text)) {
    const parsed = parseText(text, options);
    return parsed.ok ? { ok: true, epc: spell(withComponents(parsed.tag, options)) } : parsed;
  }
  return gtinRefused(text) ?? decodeEpc(text, options);
}

/** Why digits that could be a GTIN name no thing; `null` for what is no GTIN, or has a wrong check digit and begins as a tag does. */
function gtinRefused(text: string): TagResult | null {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return null;
  const gtin = parseGtin(text);
  if (gtin.ok) {
    return {
      ok: false,
      error: tagError('CLASS_LEVEL', 'A GTIN names a class of things.', null, 'a serial number, AI 21'),
    };
  }
  const tag = tagOfHex(text);
  const isTag = tag.ok || (tag.error.code !== 'RESERVED_HEADER' && hexProblem(text) === null);
  return isTag ? null : gtin;
}

/** The GTIN-14 that any text names: a bare GTIN-8/12/13/14, `(01)…`, a Digital Link, an EPC URI or hex of a trade item. */
export function gtinOf(given: string, options: ParseOptions = {}): GtinResult {
  const fault = sizeFault(given);
  if (fault !== null) return { ok: false, error: fault };
  const { text, dropped } = spoken(given);
  return behind(dropped, gtinSpoken(text, options));
}

function gtinSpoken(text: string, options: ParseOptions): GtinResult {
  const bare = /^[\d -]+$/.test(text) ? parseGtin(text) : null;
  if (bare?.ok) return bare;
  const pattern = /^urn:epc:idpat:sgtin:(\d+\.\d+)\.\*$/.exec(text);
  const parsed = parseTag(pattern === null ? text : `urn:epc:id:sgtin:${pattern[1]}.0`, options);
  const gtin = parsed.ok ? parsed.epc.fields['gtin'] : classGtin(text, options);
  if (gtin !== undefined) return { ok: true, gtin };
  if (!parsed.ok) return bare ?? parsed;
  return { ok: false, error: tagError('NOT_ENCODABLE', 'This is no trade item.', null, 'a GTIN') };
}

/** The GTIN of a text that names a class: parsed as if it had a serial. */
function classGtin(text: string, options: ParseOptions): string | undefined {
  const serial = isWebAddress(text) ? '/21/0' : text.startsWith('(') ? '(21)0' : '^210';
  const whole = isWebAddress(text)
    ? text.replace(/\/?(?:[?#].*)?$/s, (end) => serial + end.replace(/^\//, ''))
    : text + serial;
  const parsed = parseTag(whole, options);
  return parsed.ok ? parsed.epc.fields['gtin'] : undefined;
}
