import type { Command } from 'commander';
import type { EncodeOptions, ParseResult, TagCodec, TagError, TagResult } from '../tags/index.ts';
import { inputLines, lineWriter } from './lines.ts';
import { wholeFrom } from './number.ts';
import { addRuleOptions, codecOf, parseOptions, type RuleFlags } from './tag-rules.ts';

type DecodeFlags = RuleFlags & { readonly json?: boolean };
type EncodeFlags = DecodeFlags & { readonly scheme?: string; readonly filter?: number; readonly hostname?: string };

/** `silentgate decode` and `encode`: with arguments, each is one tag; without, each line of standard input is. */
export function addTagCommands(root: Command): void {
  addRuleOptions(root.command('decode [tags...]'))
    .description('hex, tag URI, pure identity URI, element string or Digital Link → all of them')
    .option('--json', 'one JSON object per tag')
    .action(async (tags: string[], flags: DecodeFlags) => {
      const codec = await codecOf(flags);
      const options = parseOptions(flags);
      // Without arguments the output is a stream for programs, so it is JSON in any case.
      const json = flags.json === true || tags.length === 0;
      await convert(tags, (text) => decodeTag(codec, text, options), json ? asJson : asText);
    });
  addRuleOptions(root.command('encode [ids...]'))
    .description('any form of an identifier → the hex that is written into a tag')
    .option('--scheme <scheme>', 'e.g. sgtin-96; a tag URI names it itself')
    .option('--filter <n>', 'filter value, default 0', wholeFrom(0, 63))
    .option('--hostname <name>', 'host name for a ++ scheme; default that of the link')
    .option('--json', 'one JSON object per identifier')
    .action(async (ids: string[], flags: EncodeFlags) => {
      const codec = await codecOf(flags);
      const options = encodeOptions(flags);
      await convert(ids, (text) => codec.encode(text, options), flags.json === true ? asJson : hexOnly);
    });
}

function encodeOptions(flags: EncodeFlags): EncodeOptions {
  const { scheme, filter, hostname } = flags;
  return {
    ...parseOptions(flags),
    ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }),
    ...(filter === undefined ? {} : { filter }),
    ...(hostname === undefined ? {} : { hostname }),
  };
}

/**
 * Any form to all forms. A tag URI says all that is in the tag, so it has a hex form too, or no tag can hold it. Hex that no scheme
 * explains is a failure here: its raw URI, which says that nothing is explained, is not.
 */
function decodeTag(codec: TagCodec, text: string, options: EncodeOptions): TagResult | ParseResult {
  if (text.startsWith('urn:epc:tag:')) return codec.encode(text, options);
  const result = codec.parse(text, options);
  if (!result.ok || result.epc.scheme !== 'raw' || text.startsWith('urn:')) return result;
  const { problem } = codec.identityOf(text);
  return problem === null ? result : { ok: false, error: problem };
}

async function convert(
  given: readonly string[],
  read: (text: string) => TagResult,
  print: (input: string, result: TagResult) => string,
) {
  const out = lineWriter();
  for await (const lines of given.length > 0 ? [given] : inputLines()) {
    for (const line of lines) {
      const text = line.trim();
      const result = read(text);
      if (!result.ok) process.exitCode = 1;
      if (out.add(print(text, result))) await out.flush();
    }
  }
  await out.flush();
}

/** What was found beside a good identity: elements that are not known, a PC word. */
function warningsOf(result: TagResult | ParseResult): readonly TagError[] {
  return 'warnings' in result ? result.warnings : [];
}

function asJson(input: string, result: TagResult): string {
  if (!result.ok) return JSON.stringify({ input, ok: false, error: result.error });
  const { scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields, marks } = result.epc;
  const forms = { input, ok: true, scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields };
  const warnings = warningsOf(result);
  return JSON.stringify({
    ...forms,
    ...(marks.length === 0 ? {} : { marks }),
    ...(warnings.length === 0 ? {} : { warnings }),
  });
}

/** Control characters would act on the terminal; they are shown as JSON spells them. */
function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function asText(given: string, result: TagResult): string {
  const input = shown(given);
  if (!result.ok) return `${input}\n  ${said(result.error)}`;
  const { scheme, hex, id, tagUri, epcUri, elementString, digitalLink, filter, fields, marks } = result.epc;
  const marked = marks.length === 0 ? null : marks.join(' ');
  const rows = { scheme, hex, id, tagUri, epcUri, elementString, digitalLink, filter, marks: marked, ...fields };
  return [
    input,
    ...warningsOf(result).map((warning) => `  ${'warning'.padEnd(16)} ${shown(said(warning))}`),
    ...Object.entries(rows).flatMap(([name, value]) =>
      value === null ? [] : [`  ${name.padEnd(16)} ${shown(String(value))}`],
    ),
  ].join('\n');
}

function hexOnly(input: string, result: TagResult): string {
  return result.ok ? (result.epc.hex ?? '') : `${shown(input)}: ${said(result.error)}`;
}

/** An error with the option that would cure it, where one would. */
function said({ code, message, expected }: TagError): string {
  return `${code}: ${message}${cures[expected ?? ''] ?? ''}`;
}

const cures: Readonly<Record<string, string>> = {
  companyPrefixLength: ' Give its digits with --gcp-length, e.g. --gcp-length 7, or a list with --gcp-table.',
  hostname: ' Give it with --hostname, e.g. --hostname shop.example.',
};
