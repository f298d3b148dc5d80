import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { yamlExcess } from './yaml-bounds.ts';

/** What stands in a YAML file, and on which line each value stands. */
export type YamlFile = {
  readonly value: unknown;
  /** Mistakes of the YAML itself, with their line (from 1). */
  readonly errors: readonly { line: number; message: string }[];
  /** Line (from 1) of the value at a JSON pointer, or of the nearest thing above it that exists. */
  lineOf(pointer: string): number;
};

/** Reads YAML 1.2 (core schema, no custom tags) within the bounds of `yamlExcess`: what is beyond them is one mistake, with its line. */
export function readYaml(text: string): YamlFile {
  const excess = yamlExcess(text);
  if (excess !== null) return { value: null, errors: [excess], lineOf: () => excess.line };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true, version: '1.2' });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = [...document.errors, ...document.warnings];
  const errors = problems.map((error) => ({
    line: lineAt(error.pos[0]),
    message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
  }));
  const value = errors.length > 0 ? null : unfold(() => document.toJS({ maxAliasCount: 50 }), errors);
  return { value, errors, lineOf: (pointer) => lineAt(offsetOf(document.contents, pointer.split('/').slice(1))) };
}

function unfold(read: () => unknown, errors: { line: number; message: string }[]): unknown {
  try {
    const value = read();
    // An alias inside what it stands for makes a value without an end, which nothing after this could print.
    JSON.stringify(value);
    return value;
  } catch (error) {
    const endless = error instanceof TypeError && error.message.includes('circular');
    const message = error instanceof Error ? error.message : String(error);
    errors.push({ line: 1, message: endless ? 'an alias inside the value it stands for' : message });
    return null;
  }
}

function offsetOf(root: Node | null, steps: readonly string[]): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const step of steps) {
    const next = child(node, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (next === null) return offset;
    offset = next.offset;
    node = next.value;
  }
  return offset;
}

function child(node: Node | null, step: string): { offset: number; value: Node | null } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? null : { offset: item.range?.[0] ?? 0, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((entry) => isPair(entry) && isScalar(entry.key) && String(entry.key.value) === step) as
    | Pair<Node, Node | null>
    | undefined;
  return pair === undefined ? null : { offset: pair.key.range?.[0] ?? 0, value: pair.value };
}
