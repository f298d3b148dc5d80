import type { Epc, TagCodec } from '../tags/index.ts';
import type { Item } from './item.ts';

/** An item that nothing is known of yet but its identity. `hex` is '' while its tag was never read. */
export function newItem(id: string, hex: string | null, epc: Epc | null, at: number): Item {
  return {
    id,
    hex: hex ?? epc?.hex ?? '',
    scheme: epc?.scheme ?? 'raw',
    epcUri: epc?.epcUri ?? null,
    gtin: epc?.gtin ?? null,
    presence: 'UNSEEN',
    absentReason: null,
    readPoint: null,
    location: null,
    previousLocation: null,
    placeSince: null,
    placeSource: null,
    placeConfidence: null,
    lifecycle: 'UNREGISTERED',
    lifecycleReason: null,
    owner: 'own',
    custody: null,
    condition: 'ok',
    tag: 'encoded',
    bucket: null,
    serviceCount: 0,
    reader: null,
    antenna: null,
    rssi: null,
    firstSeenAt: null,
    lastSeenAt: null,
    asOf: at,
  };
}

/** The decoded identity behind an id that was read or told, or null when it is none (a TID or card number). */
export function epcOfId(tags: TagCodec, id: string, hex: string | null): Epc | null {
  const read = hex === null ? null : tags.identityOf(hex).epc;
  if (read?.id === id) return read;
  const parsed = tags.parse(id);
  return parsed.ok && parsed.epc.id === id ? parsed.epc : null;
}
