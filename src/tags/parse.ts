import { isAi, valueProblem } from './ai/dictionary.ts';
import { isAttribute, misplacedAt, qualifiersOf } from './ai/qualifiers.ts';
import { isDigits } from './bits/digits.ts';
import { hexProblem } from './bits/hex.ts';
import { decodeEpc, identityOf, tagOfHex } from './decode.ts';
import { findKey, isCheckedKey, isPrimaryKey } from './elements.ts';
import type { ParseResult, TagError, TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { type GtinResult, hasGtinSize, parseGtin } from './gtin.ts';
import { splitPc } from './memory/pc-word.ts';
import { failed, type Parsed, parsePattern, parsePure, parseTagUri } from './parse-uri.ts';
import { type ParseOptions, withComponents } from './prefix.ts';
import { rawEpc, spell } from './tag.ts';
import { type Link, splitLink } from './text/digital-link.ts';
import { type Elemental, type Pair, splitBracketed } from './text/element-string.ts';
import { aiAt, isMarkedPlain, looksPlain, plainStart, splitPlain } from './text/plain.ts';
import { type Spoken, spoken } from './text/spoken.ts';

/** The first element beside the key that holds what its AI may not, or `null`. */
function dataProblem(data: readonly Pair[], { pairs, starts }: Pick<Elemental, 'pairs' | 'starts'>): TagError | null {
  for (const pair of data) {
    const [ai, value] = pair;
    const error = isAi(ai) ? valueProblem(ai, value) : null;
    if (error !== null) return { ...error, position: (starts[pairs.indexOf(pair)] ?? 0) + (error.position ?? 0) };
  }
  return null;
}

const nothing = { scheme: null, hex: null, filter: null, components: null, hostname: null, marks: [] };

/** The thing that elements name. Where none does, what was passed over may have been its serial: that is then the reason. */
function fromPairs(elements: Elemental): Parsed {
  const found = findKey(elements);
  const [unknown] = elements.warnings;
  if (!found.ok) {
    const isMissing = found.error.code === 'CLASS_LEVEL' || found.error.code === 'UNKNOWN_AI';
    return isMissing && unknown !== undefined ? { ok: false, error: unknown } : found;
  }
  const { identifier, rest } = found;
  const error = dataProblem(rest, elements);
  if (error !== null) return { ok: false, error };
  const tag = { identifier, elements: found.elements, linkHost: null, data: rest, ...nothing };
  return { ok: true, tag, warnings: elements.warnings };
}

/** The thing that the path of a link names; what stands in the query is data beside it, whatever it is. */
function fromLink(text: string, options: ParseOptions): Parsed {
  const link = splitLink(text, isPrimaryKey, options.aliases === true);
  if (!link.ok) return link;
  const { host, pairs, starts, path, warnings } = link.value;
  const found = findKey({ pairs: pairs.slice(0, path), starts });
  if (!found.ok) return found;
  const { identifier, elements } = found;
  const attributes = pairs.slice(path);
  const data = [...found.rest, ...attributes];
  const error = dataProblem(data, link.value) ?? pathProblem(link.value);
  if (error !== null) return { ok: false, error };
  const linkHost = host.toLowerCase() === 'id.gs1.org' ? null : host;
  const strays = attributes.flatMap(([ai], at) => strayAttribute(pairs[0]?.[0] ?? '', ai, starts[path + at] ?? 0));
  return { ok: true, tag: { identifier, elements, linkHost, data, ...nothing }, warnings: [...warnings, ...strays] };
}

/** The first AI of a link's path that is no qualifier of its key, or stands out of their order. */
function pathProblem({ pairs, starts, path }: Link): TagError | null {
  const ais = pairs.slice(0, path).map(([ai]) => ai);
  const at = misplacedAt(ais);
  if (at < 0) return null;
  const [key = ''] = ais;
  const message = `AI ${ais[at]} may not stand here in the path behind AI ${key}.`;
  return tagError('SYNTAX', message, starts[at] ?? null, qualifiersOf(key));
}

function strayAttribute(key: string, ai: string, at: number): TagError[] {
  if (isAttribute(key, ai)) return [];
  return [tagError('SYNTAX', `AI ${ai} does not belong in the query of a link.`, at, qualifiersOf(key))];
}

function fromElementString(text: string): Parsed {
  const pairs = text.startsWith('(') ? splitBracketed(text) : splitPlain(text);
  return pairs.ok ? fromPairs(pairs.value) : pairs;
}

const isWebAddress = (text: string) => /^[A-Za-z]+:\/\//.test(text);

/**
 * Whether hex digits are an element string all the same: a key with a right check digit begins them, all of them make sense, and no
 * tag does.
 */
function isElementString(text: string): boolean {
  if (tagOfHex(text).ok) return false;
  const parsed = fromElementString(text);
  return parsed.ok ? parsed.warnings.length === 0 : parsed.error.code === 'CLASS_LEVEL';
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
  if (isMarkedPlain(text)) return true;
  if (!looksPlain(text, isCheckedKey)) return false;
  return hexProblem(text) !== null || isElementString(text);
}

/** Everything but hex and raw: EPC URIs, element strings, Digital Links. */
export function parseText(text: string, options: ParseOptions): Parsed {
  if (text.startsWith('urn:epc:tag:')) return parseTagUri(text);
  if (text.startsWith('urn:epc:id:') || text.startsWith('urn:epc:class:')) return parsePure(text);
  if (/^urn:epc:(?:id)?pat:/.test(text)) return parsePattern(text);
  if (isWebAddress(text)) return fromLink(text, options);
  if (text.startsWith('(') || looksPlain(text, isCheckedKey)) return fromElementString(text);
  return failed('SYNTAX', 'This is no form of an identifier.', 0, 'hex, urn:epc:…, (01)… or https://…');
}

function parseRaw(text: string): ParseResult {
  const match = /^urn:epc:raw:(?:(?:\[[a-z]+=[^\]]*\])+:)?(\d+)\.(?:x([0-9A-F]{2})\.)?x([0-9A-F]+)$/.exec(text);
  const [, bits = '', afi, hex = ''] = match ?? [];
  if (match === null || Number(bits) !== hex.length * 4) {
    return { ok: false, error: tagError('SYNTAX', 'This is not a raw URI.', 12, 'urn:epc:raw:96.x…') };
  }
  if (afi !== undefined) return { ok: true, epc: rawEpc(hex, afi), warnings: [] };
  return { ok: true, epc: identityOf(hex).epc, warnings: [] };
}

/**
 * Reads any form of an identifier: hex of an EPC (a PC word in front is cut off), tag URI, pure identity URI, class URI, raw URI, element
 * string with brackets or as a scanner sends it, Digital Link of any host. Digits alone are an SSCC by length and check digit; a bare GTIN
 * is refused as `CLASS_LEVEL`: see `gtinOf`. Keys without a check digit need brackets, FNC1 or a symbology identifier.
 */
export function parseTag(given: string, options: ParseOptions = {}): ParseResult {
  const fault = sizeFault(given);
  if (fault !== null) return { ok: false, error: fault };
  const said = spoken(given);
  return behind(said.dropped, parseSpoken(said, options));
}

/** The outcome with its places counted from the front of what was given. */
export function behind<R extends TagResult | ParseResult | Parsed | GtinResult>(dropped: number, result: R): R {
  if (dropped === 0) return result;
  const moved = (error: TagError) =>
    error.position === null ? error : { ...error, position: error.position + dropped };
  if (!result.ok) return { ...result, error: moved(result.error) };
  return 'warnings' in result ? { ...result, warnings: result.warnings.map(moved) } : result;
}

function parseSpoken({ text, isRetail }: Spoken, options: ParseOptions): ParseResult {
  if (text.startsWith('urn:epc:raw:')) return parseRaw(text);
  const parsed = parseBare(text, isRetail) ?? (isText(text) ? parseText(text, options) : ssccOf(text));
  if (parsed === null) return withLengths(text, parseHex(text, options));
  if (!parsed.ok) return parsed;
  return { ok: true, epc: spell(withComponents(parsed.tag, options)), warnings: parsed.warnings };
}

/** Whoever scans digits does not think of bytes: where they are too few for hex, the error names the lengths that digits may have. */
function withLengths(text: string, result: ParseResult): ParseResult {
  if (result.ok || result.error.code !== 'TOO_SHORT' || !isDigits(text)) return result;
  const lengths = '8, 12, 13 or 14 digits of a GTIN, 18 of an SSCC, 24, 28, 32 … of an EPC';
  return {
    ok: false,
    error: tagError('TOO_SHORT', 'Digits of this length name nothing.', result.error.position, lengths),
  };
}

/**
 * Digits alone as what they are by length and check digit: a GTIN, which names a class of things, or an SSCC. A GLN-13 cannot be told
 * from a GTIN-13, and a store has more goods than places: it is named as `(414)…`. `null` for digits of another length and for other text,
 * unless a mark says that digits of trade are due.
 */
export function parseBare(text: string, isRetail: boolean): Parsed | null {
  const sscc = ssccOf(text);
  if (sscc?.ok) return sscc;
  if (!isRetail && !(isDigits(text) && hasGtinSize(text))) return null;
  const gtin = parseGtin(text);
  return gtin.ok ? failed('CLASS_LEVEL', 'A GTIN names a class of things.', null, 'a serial number, AI 21') : gtin;
}

/** 18 digits as an SSCC, or why they are none; `null` for other text. */
function ssccOf(text: string): Parsed | null {
  if (!/^\d{18}$/.test(text)) return null;
  const sscc = fromElementString(`(00)${text}`);
  return sscc.ok ? sscc : { ok: false, error: { ...sscc.error, position: text.length - 1 } };
}

/**
 * Hex as the content of an EPC field. A PC word in front is cut off where an EPC follows it, or where the whole is none; else the whole is
 * the content, as it was given. A warning says so in either case.
 */
function parseHex(text: string, options: ParseOptions): ParseResult {
  const split = splitPc(text);
  const whole = decodeEpc(text, options);
  if (split === null) return whole.ok ? { ...whole, warnings: [] } : whole;
  const { pc, epc, afi, isEpc } = split;
  const warnings = [tagError('PC_WORD', `The first word, ${pc}, announces what follows, as a PC word does.`, 0, epc)];
  if (!isEpc && whole.ok && whole.epc.scheme !== 'raw') return { ...whole, warnings };
  const result: TagResult = afi === null ? decodeEpc(epc, options) : { ok: true, epc: rawEpc(epc, afi) };
  return result.ok ? { ...result, warnings } : behind((text.length - epc.length) * 4, result);
}

/**
 * The GTIN-14 that any text names: a bare GTIN-8/12/13/14, `(01)…`, a Digital Link, an EPC URI or hex of a trade item. What stands behind a
 * right GTIN at the front of an element string does not hide it: a lost FNC1, printed blanks, a fault.
 */
export function gtinOf(given: string, options: ParseOptions = {}): GtinResult {
  const fault = sizeFault(given);
  if (fault !== null) return { ok: false, error: fault };
  const said = spoken(given);
  return behind(said.dropped, gtinSpoken(said.text, options));
}

function gtinSpoken(text: string, options: ParseOptions): GtinResult {
  const bare = /^[\d -]+$/.test(text) ? parseGtin(text) : null;
  if (bare?.ok) return bare;
  const pattern = /^urn:epc:idpat:sgtin:(\d+\.\d+)\.\*$/.exec(text);
  const parsed = parseTag(pattern === null ? text : `urn:epc:id:sgtin:${pattern[1]}.0`, options);
  const gtin = parsed.ok ? parsed.epc.fields['gtin'] : classGtin(text, options);
  if (gtin !== undefined) return { ok: true, gtin };
  const front = frontGtin(text);
  if (front !== null) return { ok: true, gtin: front };
  if (!parsed.ok) return bare ?? parsed;
  return { ok: false, error: tagError('NOT_ENCODABLE', 'This is no trade item.', null, 'a GTIN') };
}

/** The GTIN of AI 01 at the front of an element string, whatever follows; `null` where none with a right check digit stands there. */
function frontGtin(text: string): string | null {
  const start = plainStart(text);
  const match = /^\(?\s*01\s*\)?\s*((?:\d[ -]?){14})\s*/.exec(text.slice(start));
  const [whole, digits] = match ?? [];
  if (whole === undefined || digits === undefined) return null;
  const rest = text.slice(start + whole.length);
  // Without a mark, an AI must follow: any digits could begin so.
  const isMarked = start > 0 || whole.startsWith('(');
  if (!isMarked && rest !== '' && aiAt(rest, 0) === '') return null;
  const gtin = parseGtin(digits.replaceAll(/[ -]/g, ''));
  return gtin.ok ? gtin.gtin : null;
}

/** The GTIN of a text that names a class: parsed as if it had a serial. */
function classGtin(text: string, options: ParseOptions): string | undefined {
  const parsed = parseTag(withSerial(text), options);
  if (!parsed.ok || parsed.warnings.some(({ code }) => code === 'UNKNOWN_AI')) return undefined;
  return parsed.epc.fields['gtin'];
}

function withSerial(text: string): string {
  if (!isWebAddress(text)) return text + (text.startsWith('(') ? '(21)0' : '^210');
  return text.replace(/\/?(?:[?#].*)?$/s, '/21/0');
}
