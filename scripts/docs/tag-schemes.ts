import { componentsOf, elementsOf } from '../../src/tags/identity.ts';
import { decodeEpc } from '../../src/tags/index.ts';
import type { Component, Identifier, Scheme } from '../../src/tags/row.ts';
import { identifiers, schemes } from '../../src/tags/schemes/table.ts';
import { writeTag } from '../../src/tags/write.ts';

const samples: Readonly<Record<string, string>> = {
  cageOrDodaac: '2S194',
  piece: '01',
  total: '02',
  partNumber: '3KL9',
  containerCode: 'CSQU3054383',
  vesselNumber: '9176187',
};

function sampleOf({ name, domain }: Component): string {
  if (domain.kind === 'prefix') return '9506000';
  if (domain.kind === 'reference') return '13435'.padStart(domain.total - 7, '0');
  return samples[name] ?? (name.endsWith('Reference') ? '4711' : '7');
}

function domainText({ domain }: Component): string {
  switch (domain.kind) {
    case 'prefix':
      return '6 to 12 digits';
    case 'reference':
      return `digits, ${domain.total} with the company prefix`;
    case 'digits':
      return domain.min === domain.max ? `${domain.max} digits` : `${domain.min} to ${domain.max} digits`;
    case 'integer':
      return `0 to ${domain.max}, no leading zero`;
    case 'text':
      return `${domain.min} to ${domain.max} of ${domain.set.name}${domain.withPrefix ? ', company prefix counted' : ''}`;
    case 'pattern':
      return domain.says;
    default:
      return '';
  }
}

function exampleOf(scheme: Scheme): string {
  const { identifier } = scheme;
  const components = identifier.components.map(sampleOf);
  const spec = identifier.elements;
  const elements = spec === null ? null : elementsOf(spec, components);
  const known = spec === null || elements === null ? components : componentsOf(identifier, spec, elements, 7);
  const data: [string, string][] = scheme.plus?.date ? [['17', '301231']] : [];
  const hostname = scheme.plus?.hostname ? 'example.com' : null;
  const tag = {
    identifier,
    scheme,
    hex: null,
    filter: 0,
    components: known,
    elements,
    hostname,
    linkHost: null,
    data,
    marks: [],
  };
  const written = writeTag(tag, scheme, 0);
  if (!written.ok) throw new Error(`${scheme.name}: ${written.error.message}`);
  const decoded = decodeEpc(written.hex);
  if (!decoded.ok) throw new Error(`${scheme.name}: ${decoded.error.message}`);
  return `\`${written.hex}\` is \`${decoded.epc.tagUri ?? decoded.epc.digitalLink}\``;
}

function layoutRow(scheme: Scheme): string[] {
  const header = scheme.header.toString(16).toUpperCase().padStart(2, '0');
  const lead = [`| header | 8 | \`${header}\` |`];
  if (scheme.plus !== undefined) lead.push('| +AIDC toggle | 1 | 1 when data follow |');
  if (scheme.filterBits > 0) lead.push(`| filter | ${scheme.filterBits} | |`);
  if (scheme.plus?.date) lead.push('| prioritised date | 4 + 16 | Prioritised date (14.5.3) |');
  const fields = scheme.fields.map(
    (field) => `| ${field.names.join(' + ') || 'reserved'} | ${field.bits} | ${field.method} |`,
  );
  const tail = scheme.plus?.hostname ? ['| host name | 7 and more | Hostname (14.5.16) |'] : [];
  if (scheme.plus !== undefined) tail.push('| +AIDC data | the rest | AI and value, repeated |');
  return [...lead, ...fields, ...tail];
}

function schemeSection(scheme: Scheme): string {
  const size = scheme.bits === null ? 'variable length' : `${scheme.bits} bits`;
  return `### ${scheme.name}\n\n${size}. ${exampleOf(scheme)}\n\n| field | bits | method |\n|---|---|---|\n${layoutRow(scheme).join('\n')}\n`;
}

function identifierSection(identifier: Identifier): string {
  const rows = identifier.components.map((component) => `| \`${component.name}\` | ${domainText(component)} |`);
  const keys =
    identifier.elements === null
      ? 'none'
      : [identifier.elements.key.ai, ...identifier.elements.others.map((other) => other.ai)].join(', ');
  const own = schemes.filter((scheme) => scheme.identifier === identifier).map(schemeSection);
  const binary = own.length === 0 ? 'No binary scheme: it is read and written as text only.\n' : own.join('\n');
  return `## ${identifier.title}\n\n\`${identifier.uri}${identifier.components.map(({ name }) => `{${name}}`).join('.')}\` · AIs: ${keys}\n\n| component | holds |\n|---|---|\n${rows.join('\n')}\n\n${binary}`;
}

/** `docs/tag-schemes.md`: every identifier and every binary layout, from the rows that encode and decode them. */
export function tagSchemesPage(): string {
  return `# EPC schemes\n\n<!-- Made by \`npm run docs\` from src/tags/schemes; a test compares the two. -->\n\n${schemes.length} binary schemes of ${identifiers.length} kinds of identifier [TDS 2.3]. Bits are in order; where a row lists several numbers they go by partition value 0 to 6. How to use\nthem: [tags.md](tags.md).\n\n${identifiers.map(identifierSection).join('\n')}`;
}
