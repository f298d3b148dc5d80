import type { Command } from 'commander';
import { encodeEpc, parseTag, type TagError, type TagResult } from '../tags/index.ts';
import { inputLines, lineWriter } from './lines.ts';
import { wholeFrom } from './number.ts';

type EncodeFlags = { scheme?: string; filter?: number; gcpLength?: number; json?: boolean };
type DecodeFlags = { json?: boolean; gcpLength?: number };

/** `silentgate decode` and `encode`: with arguments, each is one tag; without, each line of standard input is. */
export function addTagCommands(root: Command): void {
  root
    .command('decode [tags...]')
    .description('hex, tag URI, pure identity URI, element string or Digital Link → all of them')
    .option('--json', 'one JSON object per tag')
    .option('--gcp-length <n>', 'length of the GS1 company prefix, where the text does not tell', wholeFrom(4, 12))
    .action(async (tags: string[], flags: DecodeFlags) => {
      // Without arguments the output is a stream for programs, so it is JSON in any case.
      const json = flags.json === true || tags.length === 0;
      await convert(tags, (text) => decodeTag(text, flags.gcpLength), json ? asJson : asText);
    });
  root
    .command('encode [ids...]')
    .description('any form of an identifier → the hex that is written into a tag')
    .option('--scheme <scheme>', 'e.g. sgtin-96; a tag URI names it itself')
    .option('--filter <n>', 'filter value, default 0', wholeFrom(0, 7))
    .option('--gcp-length <n>', 'length of the GS1 company prefix, where the text does not tell', wholeFrom(4, 12))
    .option('--json', 'one JSON object per identifier')
    .action(async (ids: string[], flags: EncodeFlags) => {
      const options = encodeOptions(flags);
      await convert(ids, (text) => encodeEpc(text, options), flags.json === true ? asJson : hexOnly);
    });
}

function encodeOptions(flags: EncodeFlags): { scheme?: string; filter?: number; companyPrefixLength?: number } {
  const { filter, gcpLength: length } = flags;
  return {
    ...(flags.scheme === undefined ? {} : { scheme: flags.scheme.toLowerCase() }),
    ...(filter === undefined ? {} : { filter }),
    ...(length === undefined ? {} : { companyPrefixLength: length }),
  };
}

/** Any form to all forms. A tag URI says all that is in the tag, so it has a hex form too, or no tag can hold it. */
function decodeTag(text: string, companyPrefixLength: number | undefined): TagResult {
  const options = companyPrefixLength === undefined ? {} : { companyPrefixLength };
  return text.startsWith('urn:epc:tag:') ? encodeEpc(text, options) : parseTag(text, options);
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

function asJson(input: string, result: TagResult): string {
  if (!result.ok) return JSON.stringify({ input, ok: false, error: result.error });
  const { scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields } = result.epc;
  return JSON.stringify({ input, ok: true, scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields });
}

function asText(input: string, result: TagResult): string {
  if (!result.ok) return `${input}\n  ${said(result.error)}`;
  const { scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, fields } = result.epc;
  const rows = { scheme, hex, tagUri, epcUri, elementString, digitalLink, filter, ...fields };
  return [
    input,
    ...Object.entries(rows).flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(16)} ${value}`])),
  ].join('\n');
}

function hexOnly(input: string, result: TagResult): string {
  return result.ok ? (result.epc.hex ?? '') : `${input}: ${said(result.error)}`;
}

/** An error with the option that would cure it, where one would. */
function said({ code, message, expected }: TagError): string {
  const cure = expected === 'companyPrefixLength' ? ' Give its digits with --gcp-length, e.g. --gcp-length 7.' : '';
  return `${code}: ${message}${cure}`;
}
