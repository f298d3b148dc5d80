import type { Item } from '../../contract/index.ts';
import { type Epc, parseTag } from '../../tags/index.ts';
import type { PlainKey } from '../words/index.ts';

/** One spelling of an EPC, and what that spelling is called. */
export type TagForm = { readonly name: PlainKey; readonly text: string };

/** An EPC as far as it can be read here in the browser, or null. */
export function decode(text: string): Epc | null {
  const result = parseTag(text);
  return result.ok ? result.epc : null;
}

/** The EPC of an item, or null. Where the gateway understands the tag otherwise (a store's own scheme), the standard's reading is not shown. */
function epcOf({ id, hex }: Pick<Item, 'id' | 'hex'>): Epc | null {
  const read = decode(hex);
  return read?.id === id ? read : decode(id);
}

/** All spellings of an item's EPC. What the tag itself cannot tell comes from the gateway's answer. */
export function formsOf(item: Pick<Item, 'id' | 'hex' | 'epcUri'>): readonly TagForm[] {
  const epc = epcOf(item);
  const link = epc?.digitalLink ?? (item.id.startsWith('http') ? item.id : null);
  const forms: readonly { name: PlainKey; text: string | null }[] = [
    { name: 'formHex', text: item.hex },
    { name: 'formTagUri', text: epc?.tagUri ?? null },
    { name: 'formEpcUri', text: epc?.epcUri ?? item.epcUri },
    { name: 'formElement', text: epc?.elementString ?? null },
    { name: 'formLink', text: link },
  ];
  return forms.filter((form): form is TagForm => form.text !== null && form.text !== '');
}

/** The serial of an item as printed on it, or the end of its identity where it has none. */
export function serialOf(item: Pick<Item, 'id' | 'hex'>): string {
  const linked = /\/21\/([^/?#]+)/.exec(item.id)?.[1];
  return linked === undefined ? (item.id.split(/[:/]/).at(-1) ?? item.hex) : decodeURIComponent(linked);
}
