import { decodeEpc, type HexTag, tagOfHex } from './decode.ts';
import type { TagResult } from './epc.ts';
import { tagError } from './error.ts';
import { splitPc } from './memory/pc-word.ts';
import { behind, isText, parseBare, parseTag, parseText, sizeFault } from './parse.ts';
import { componentsFault, type ParseOptions, withComponents } from './prefix.ts';
import type { Scheme } from './row.ts';
import { schemeNamed, schemes } from './schemes/table.ts';
import type { Tag } from './tag.ts';
import { type Spoken, spoken } from './text/spoken.ts';
import { type Written, writeTag } from './write.ts';

export type EncodeOptions = ParseOptions & {
  /** Name of the binary scheme, as in the tag URI: `sgtin-96`, `sgtin+`. */
  readonly scheme?: string | undefined;
  /** Filter value; default that of the source, else 0. */
  readonly filter?: number | undefined;
  /** Host name for a `++` scheme; default that of the source. */
  readonly hostname?: string | undefined;
};

/** The first scheme that holds the identity, and all data that came with it. */
function writeFirst(tag: Tag, filter: number): Written {
  let result: Written = { ok: false, error: tagError('NOT_ENCODABLE', 'No binary scheme holds this identifier.') };
  for (const scheme of schemes) {
    if (scheme.identifier !== tag.identifier || (tag.data.length > 0 && scheme.form === 'components')) continue;
    result = writeTag(tag, scheme, filter);
    if (result.ok) break;
  }
  return result;
}

/** The tag in this scheme; where components are missing although the prefix's length is known, with the reason for that. */
function writeAs(tag: Tag, scheme: Scheme, filter: number, options: ParseOptions): Written {
  const written = writeTag(tag, scheme, filter);
  if (written.ok || scheme.form !== 'components' || scheme.identifier !== tag.identifier) return written;
  const error = componentsFault(tag, options);
  return error === null ? written : { ok: false, error };
}

/**
 * The identifier that `text` spells (any form) as the content of a tag: the result's `hex`. Without `scheme`, a tag URI names
 * its own, and for other forms the first scheme that holds the identity is taken. A classic scheme drops +AIDC data.
 */
export function encodeEpc(given: string, options: EncodeOptions = {}): TagResult {
  const fault = sizeFault(given);
  if (fault !== null) return { ok: false, error: fault };
  const said = spoken(given);
  return behind(said.dropped, encodeSpoken(said, options));
}

/** The tag of any form but raw; what is written must be known to the last element. */
function tagOf({ text, isRetail }: Spoken, options: EncodeOptions): HexTag {
  const parsed = parseBare(text, isRetail) ?? (isText(text) ? parseText(text, options) : null);
  if (parsed === null) {
    const split = splitPc(text);
    return tagOfHex(split?.isEpc === true ? split.epc : text);
  }
  const unknown = parsed.ok ? parsed.warnings.find(({ code }) => code === 'UNKNOWN_AI') : undefined;
  return unknown === undefined ? parsed : { ok: false, error: unknown };
}

function encodeSpoken(said: Spoken, options: EncodeOptions): TagResult {
  if (said.text.startsWith('urn:epc:raw:')) return parseTag(said.text, options);
  const parsed = tagOf(said, options);
  if (!parsed.ok) return parsed;
  const hostname = options.hostname ?? parsed.tag.hostname ?? parsed.tag.linkHost;
  const tag = withComponents({ ...parsed.tag, hostname }, options);
  const filter = options.filter ?? tag.filter ?? 0;
  const scheme = options.scheme === undefined ? tag.scheme : schemeNamed(options.scheme);
  if (options.scheme !== undefined && scheme === null) {
    return { ok: false, error: tagError('UNKNOWN_SCHEME', 'No scheme has this name.', null, 'sgtin-96, …') };
  }
  const written = scheme === null ? writeFirst(tag, filter) : writeAs(tag, scheme, filter, options);
  return written.ok ? decodeEpc(written.hex, options) : written;
}
