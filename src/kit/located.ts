import type { Problem } from './schema.ts';
import type { YamlFile } from './yaml.ts';

/** One mistake in a file, as it is printed: never a secret. */
export type LocatedProblem = {
  readonly line: number;
  readonly key: string;
  readonly found: string;
  readonly allowed: string;
};

/** `settings.yaml:12: list[0].key: found "x"; allowed: …` */
export function formatProblem(file: string, { line, key, found, allowed }: LocatedProblem): string {
  return `${file}:${line}: ${key === '' ? '' : `${key}: `}found ${found}; allowed: ${allowed}`;
}

/** `settings.yaml:12: warning: list[0].key: found "x"; …`, of what runs but should not stay so. */
export function formatWarning(file: string, { line, key, found, allowed }: LocatedProblem): string {
  return `${file}:${line}: warning: ${key}: found ${found}; ${allowed}`;
}

/** The mistakes with their lines, in the order of the file. */
export function located(yaml: YamlFile, problems: readonly Problem[]): LocatedProblem[] {
  return problems
    .map(({ pointer, found, allowed }) => ({
      line: yaml.lineOf(pointer),
      key: keyOf(pointer, yaml.value),
      found: isSecret(pointer) ? show(withheld(found)) : show(found),
      allowed,
    }))
    .sort((a, b) => a.line - b.line);
}

/** `/list/0/map/1` → `list[0].map.1`: a number is an index only in a list. */
function keyOf(pointer: string, root: unknown): string {
  let key = '';
  let above = root;
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    key += Array.isArray(above) ? `[${step}]` : key === '' ? step : `.${step}`;
    above = Object(above)[step];
  }
  return key;
}

function show(found: unknown): string {
  if (found === undefined) return 'nothing';
  const plain = (key: string, value: unknown) => (secretKey.test(key) ? withheld(value) : value);
  const text = (JSON.stringify(found, plain) ?? String(found)).replaceAll(/\/\/[^/@"]*@/g, '//…@');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What is printed of a secret that was written where its name belongs: logs and screens are read by many. */
const withheld = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value) : '(not shown)');
const secretKey = /^(secret|password)$/;
const isSecret = (pointer: string) => pointer.split('/').some((step) => secretKey.test(step));
