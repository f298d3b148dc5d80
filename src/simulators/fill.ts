import { isObject, type ReadMap, valueAt } from '../protocols/index.ts';
import type { SimulatedTag } from './simulator.ts';

/** The example message with this read in it: every value goes where the map says it is, if the example has it there. */
export function fillExample(
  example: Readonly<Record<string, unknown>>,
  map: ReadMap,
  tag: SimulatedTag,
  at: number,
  seq: number,
) {
  const message = structuredClone(example) as Record<string, unknown>;
  const member = memberOf(message, map);
  const place = (path: string | undefined, value: (old: unknown) => unknown) =>
    put(path?.startsWith('/') === true ? message : member, path, value);
  for (const { path, encoding } of map.id) place(path, (old) => idLike(old, tag.epc, encoding));
  for (const { path, unit } of map.rssi ?? []) place(path, () => (unit === 'cdBm' ? tag.rssi * 100 : tag.rssi));
  for (const { path } of map.antenna ?? []) place(path, () => tag.antenna);
  for (const { path, encoding } of map.pc ?? []) place(path, () => pcOf(tag.epc, encoding));
  for (const { path, format } of map.time ?? []) place(path, (old) => timeLike(old, at, format));
  for (const { path } of map.seq ?? []) place(path, () => seq);
  return message;
}

/** The first read of the example: the first item of its list, or the message itself. */
function memberOf(message: Record<string, unknown>, { list = [] }: ReadMap): Record<string, unknown> {
  for (const path of list) {
    const items = valueAt(message, path);
    if (Array.isArray(items) && isObject(items[0])) return items[0];
  }
  return message;
}

/** Sets the value at a dotted path when there is one already. */
export function put(
  message: Record<string, unknown>,
  path: string | undefined,
  value: (old: unknown) => unknown,
): void {
  const steps = (path ?? '').replace(/^\//, '').split('.');
  const last = steps.pop() ?? '';
  let here: unknown = message;
  for (const step of steps) here = (here as Record<string, unknown> | undefined)?.[step];
  if (typeof here === 'object' && here !== null && Object.hasOwn(here, last)) {
    const holder = here as Record<string, unknown>;
    holder[last] = value(holder[last]);
  }
}

function idLike(old: unknown, epc: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(epc, 'hex').toString('base64');
  return typeof old === 'string' && old === old.toLowerCase() ? epc.toLowerCase() : epc;
}

/** The PC of an EPC of that length, no other bit set. */
function pcOf(epc: string, encoding: 'hex' | 'base64' | 'number'): string | number {
  const word = (epc.length / 4) << 11;
  const hex = word.toString(16).padStart(4, '0');
  if (encoding === 'number') return word;
  return encoding === 'base64' ? Buffer.from(hex, 'hex').toString('base64') : hex;
}

/** Time as the vendor writes it: the example's offset is kept. */
export function timeLike(old: unknown, at: number, format: 'iso' | 's' | 'ms' | 'us'): string | number {
  if (format === 's') return Math.floor(at / 1000);
  if (format !== 'iso') return format === 'ms' ? at : at * 1000;
  const iso = new Date(at).toISOString();
  return typeof old === 'string' && old.endsWith('+0000') ? iso.replace('Z', '+0000') : iso;
}
