import type { Command } from 'commander';
import { createTagCodec, standardTags, type TagCodec } from '../tags/index.ts';
import { wholeFrom } from './number.ts';
import { shippedProfiles } from './version.ts';

/** Options of `decode` and `encode` that say how texts and tags are understood. */
export type RuleFlags = {
  readonly gcpLength?: number;
  readonly gcpTable?: string;
  readonly config?: string;
  readonly aliases?: boolean;
};

/** Adds those options to a command. */
export function addRuleOptions(command: Command): Command {
  return command
    .option('--gcp-length <n>', 'length of the GS1 company prefix, where the text does not tell', wholeFrom(4, 12))
    .option(
      '--gcp-table <file>',
      'GS1’s list of company-prefix lengths (gcpprefixformatlist.json), where neither tells',
    )
    .option('--config <file>', 'a configuration file whose tags section counts: private schemes, list of lengths')
    .option('--aliases', 'read the words of Digital Link 1.1 too: /gtin/…/ser/…');
}

/** The codec that the options ask for. Without a file none of the gateway's other rooms is loaded. Throws CONFIG_INVALID. */
export async function codecOf({ gcpTable, config }: RuleFlags): Promise<TagCodec> {
  if (gcpTable === undefined && config === undefined) return standardTags;
  const { readPrefixTable, tagRules } = await import('../readers/index.ts');
  const read = config === undefined ? null : (await import('../config.ts')).loadConfig(config, shippedProfiles);
  const rules = read === null ? {} : tagRules(read.tags ?? {}, read.folder);
  return createTagCodec({
    ...rules,
    ...(gcpTable === undefined ? {} : { companyPrefixes: readPrefixTable(gcpTable) }),
  });
}

/** The same options as the codec's calls take them. */
export function parseOptions({ gcpLength, aliases }: RuleFlags): { companyPrefixLength?: number; aliases?: boolean } {
  return {
    ...(gcpLength === undefined ? {} : { companyPrefixLength: gcpLength }),
    ...(aliases === undefined ? {} : { aliases }),
  };
}
