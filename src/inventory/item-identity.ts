import type { TagCodec } from '../tags/index.ts';
import type { Item } from './item.ts';

/** What stays as it is for an item's life. */
export type Identity = Pick<Item, 'id' | 'scheme' | 'epcUri' | 'gtin'>;

/** A way in which an identity follows from the tag's hex and the name of its scheme, so that it needs no room of its own. */
type Derivation = {
  idOf(hex: string, tags: TagCodec): string;
  restOf(id: string, hex: string, tags: TagCodec): Omit<Identity, 'id' | 'scheme'>;
};

const tradeItem = 'https://id.gs1.org/01/';
const sgtinUri = 'urn:epc:id:sgtin:';
const gtinEnd = tradeItem.length + 14;
const serialStart = gtinEnd + '/21/'.length;
const codecId: Derivation['idOf'] = (hex, tags) => tags.readIdentityOf({ idType: 'epc', epc: hex, pc: null });

/** Cards and fobs, or tags that are known by their TID: nothing but what was read. */
function other(idType: 'uid' | 'tid'): Derivation {
  return { idOf: (hex) => `urn:silentgate:${idType}:${hex}`, restOf: () => ({ epcUri: null, gtin: null }) };
}

/** A trade item; its URI is spelled from the link by the length of the company prefix, 0 = it has none [TDS 6.3.1]. */
function trade(prefix: number): Derivation {
  return {
    idOf: codecId,
    restOf: (id) => {
      const gtin = id.slice(tradeItem.length, gtinEnd);
      if (prefix === 0) return { epcUri: null, gtin };
      const item = `${gtin.slice(1, 1 + prefix)}.${gtin.slice(0, 1)}${gtin.slice(1 + prefix, 13)}`;
      return { epcUri: `${sgtinUri}${item}.${id.slice(serialStart)}`, gtin };
    },
  };
}

/** By number, from 1 on: most frequent first, as a new item is tried against them in this order. */
const derivations: readonly Derivation[] = [
  ...[7, 8, 9, 10, 6, 11, 12, 0].map(trade),
  {
    idOf: codecId,
    restOf: (_, hex, tags) => {
      const { epcUri, gtin } = tags.identityOf(hex).epc;
      return { epcUri, gtin };
    },
  },
  other('uid'),
  other('tid'),
];

/** The number of the way in which this identity follows from the hex; 0 when it does in none. */
export function derivationOf({ id, epcUri, gtin }: Identity, hex: string, tags: TagCodec): number {
  const codecs = codecId(hex, tags);
  const found = derivations.findIndex((way) => {
    if ((way.idOf === codecId ? codecs : way.idOf(hex, tags)) !== id) return false;
    const rest = way.restOf(id, hex, tags);
    return rest.epcUri === epcUri && rest.gtin === gtin;
  });
  return found + 1;
}

/** The id that follows from the hex by this number. */
export function derivedId(number: number, hex: string, tags: TagCodec): string {
  return wayOf(number).idOf(hex, tags);
}

/** The rest of the identity, by the same number. */
export function derivedRest(number: number, id: string, hex: string, tags: TagCodec): Omit<Identity, 'id' | 'scheme'> {
  return wayOf(number).restOf(id, hex, tags);
}

function wayOf(number: number): Derivation {
  const way = derivations[number - 1];
  if (way === undefined) throw new RangeError(`there is no derivation ${number}`);
  return way;
}
