import type { LlrpProfile } from '../vocabulary/llrp-profile.ts';
import { readFields } from './fields.ts';
import type { FieldRow } from './layouts.ts';
import { inners, type MessageTree, numberIn } from './tree.ts';

/** Texts of the Custom parameter in which a vendor says more of its reader, by their names; empty where it is not there. */
export function detailsOf(
  told: MessageTree,
  { vendor, subtype, texts }: NonNullable<LlrpProfile['details']>,
): Record<string, string> {
  const custom = inners(told, 'Custom').find(
    (parameter) => numberIn(parameter, 'vendor') === vendor && numberIn(parameter, 'subtype') === subtype,
  );
  const data = custom?.values['data'];
  if (!(data instanceof Uint8Array)) return {};
  const fields = texts.map((name): FieldRow => [name, 'text']);
  const read = readFields(new DataView(data.buffer, data.byteOffset, data.byteLength), 0, data.byteLength, fields);
  return (read?.values ?? {}) as Record<string, string>;
}
