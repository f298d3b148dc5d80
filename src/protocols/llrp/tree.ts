import { type FieldValues, readFields, writeFields } from './fields.ts';
import { type Layout, messageLayout, type ParameterName, parameterLayouts, parameterName } from './layouts.ts';
import { HEADER_BYTES, isKnownVersion, type LlrpMessage, type MessageName, messageName } from './message.ts';
import { type WalkProblem, walkParameters } from './walk.ts';

/** A parameter with what stands in it. */
export type Parameter = {
  readonly name: ParameterName;
  readonly values: FieldValues;
  readonly inside: readonly Parameter[];
};

/** A message, understood. */
export type MessageTree = {
  readonly name: MessageName;
  readonly id: number;
  readonly values: FieldValues;
  readonly inside: readonly Parameter[];
};

export type ReadMessage =
  | { readonly ok: true; readonly told: MessageTree }
  | { readonly ok: false; readonly reason: WalkProblem | 'UNKNOWN_MESSAGE' | 'BAD_VERSION' };

/** The standard nests no deeper than seven; a hostile message could nest a quarter of a million times. */
const DEEPEST = 12;
/** Parameters that are kept of one message; 16 MiB could hold four million of them. */
const MOST_PARAMETERS = 65_536;

export function isVersion({ bytes }: LlrpMessage): boolean {
  return isKnownVersion(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
}

/** Reads a whole message into a tree; parameters without a layout are skipped. */
export function readMessage(message: LlrpMessage): ReadMessage {
  const { type, id, bytes } = message;
  if (!isVersion(message)) return { ok: false, reason: 'BAD_VERSION' };
  const name = messageName(type);
  if (name === null) return { ok: false, reason: 'UNKNOWN_MESSAGE' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = readContent(view, HEADER_BYTES, bytes.length, messageLayout(name));
  if (typeof content === 'string') return { ok: false, reason: content };
  if (name !== 'CUSTOM_MESSAGE') return { ok: true, told: { name, id, ...content } };
  return { ok: true, told: { name, id, values: content.values, inside: insideCustom(view) } };
}

/** A vendor's message may hold anything; where it holds parameters, as answers do, they are read. */
function insideCustom(view: DataView): readonly Parameter[] {
  const layout = messageLayout('CUSTOM_MESSAGE');
  const fields = layout.fields.filter(([, type]) => type !== 'rest');
  const content = readContent(view, HEADER_BYTES, view.byteLength, { ...layout, fields });
  return typeof content === 'string' ? [] : content.inside;
}

type Content = { readonly values: FieldValues; readonly inside: readonly Parameter[] };

/** How deep it goes, and how many parameters were read so far. */
type Progress = { readonly depth: number; readonly count: { parameters: number } };

function readContent(
  view: DataView,
  from: number,
  to: number,
  layout: Layout,
  { depth, count }: Progress = { depth: 0, count: { parameters: 0 } },
): Content | WalkProblem {
  const head = readFields(view, from, to, layout.fields);
  if (head === null) return 'TRUNCATED';
  if (!layout.nests) return { values: head.values, inside: [] };
  if (depth >= DEEPEST) return 'TOO_DEEP';
  const inside: Parameter[] = [];
  let inner: WalkProblem | null = null;
  const outer = walkParameters(view, head.end, to, (type, begin, end) => {
    const name = parameterName(type);
    if (name === null || inner !== null) return;
    count.parameters += 1;
    const content = readContent(view, begin, end, parameterLayouts[name], { depth: depth + 1, count });
    if (count.parameters > MOST_PARAMETERS) inner = 'TOO_MANY';
    else if (typeof content === 'string') inner = content;
    else inside.push({ name, ...content });
  });
  return inner ?? outer ?? { values: head.values, inside };
}

/** Builds a message. Values that are missing are zero. */
export function writeMessage(
  name: MessageName,
  { version, id }: { readonly version: number; readonly id: number },
  values: FieldValues = {},
  inside: readonly Uint8Array[] = [],
): Uint8Array {
  const layout = messageLayout(name);
  const body = Buffer.concat([writeFields(values, layout.fields), ...inside]);
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE((version << 10) | layout.type, 0);
  head.writeUInt32BE(HEADER_BYTES + body.length, 2);
  head.writeUInt32BE(id, 6);
  return Buffer.concat([head, body]);
}

/** Builds a parameter. Values that are missing are zero. */
export function writeParameter(name: ParameterName, values: FieldValues = {}, inside: readonly Uint8Array[] = []) {
  const { type, fields } = parameterLayouts[name];
  const value = Buffer.concat([writeFields(values, fields), ...inside]);
  return type < 128 ? Buffer.concat([Buffer.of(0x80 | type), value]) : writeTlv(type, value);
}

/** A TLV of any type around its value. */
export function writeTlv(type: number, value: Uint8Array): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(4 + value.length, 2);
  return Buffer.concat([head, value]);
}

/** The first parameter of that name directly inside. */
export function inner(of: { readonly inside: readonly Parameter[] } | undefined, name: ParameterName) {
  return of?.inside.find((parameter) => parameter.name === name);
}

/** Every parameter of that name directly inside. */
export function inners(of: { readonly inside: readonly Parameter[] } | undefined, name: ParameterName): Parameter[] {
  return of?.inside.filter((parameter) => parameter.name === name) ?? [];
}

/** A number field; 0 where parameter or field is missing. */
export function numberIn(of: { readonly values: FieldValues } | undefined, field: string): number {
  const value = of?.values[field];
  return typeof value === 'number' ? value : 0;
}

/** A text field; empty where parameter or field is missing. */
export function textIn(of: { readonly values: FieldValues } | undefined, field: string): string {
  const value = of?.values[field];
  return typeof value === 'string' ? value : '';
}

/** A list field; empty where parameter or field is missing. */
export function listIn(of: { readonly values: FieldValues } | undefined, field: string): readonly number[] {
  const value = of?.values[field];
  return Array.isArray(value) ? value : [];
}
