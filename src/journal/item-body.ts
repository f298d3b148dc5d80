import type { Item } from '../inventory/index.ts';
import { type ByteReader, type ByteWriter, damagedRow } from './bytes.ts';
import type { Dictionary } from './dictionary.ts';
import { gtinText, type Identity, prefixDigits, sgtinUri } from './identity.ts';

/** What a member is written with: times stand against `base`, texts that the identity says already are not said again. */
type Writing = {
  readonly out: ByteWriter;
  readonly words: Dictionary;
  readonly identity: Identity;
  readonly base: number;
};
type Reading = {
  readonly from: ByteReader;
  readonly words: Dictionary;
  readonly identity: Identity;
  readonly base: number;
};

type Kind<T> = { readonly write: (to: Writing, value: T) => void; readonly read: (of: Reading) => T };

function word<T extends string>(): Kind<T> {
  return {
    write: ({ out, words }, value) => out.count(words.number(value)),
    read: ({ from, words }) => words.word(from.count()) as T,
  };
}

function wordOrNull<T extends string>(): Kind<T | null> {
  return {
    write: ({ out, words }, value) => out.count(value === null ? 0 : words.number(value)),
    read: ({ from, words }) => {
      const number = from.count();
      return number === 0 ? null : (words.word(number) as T);
    },
  };
}

/** One byte says that something follows. */
function orNull<T>(kind: Kind<T>): Kind<T | null> {
  return {
    write: (to, value) => {
      to.out.count(value === null ? 0 : 1);
      if (value !== null) kind.write(to, value);
    },
    read: (of) => (of.from.count() === 0 ? null : kind.read(of)),
  };
}

const text: Kind<string> = { write: ({ out }, value) => out.text(value), read: ({ from }) => from.text() };
const hex: Kind<string> = { write: ({ out }, value) => out.hex(value), read: ({ from }) => from.hex() };
const count: Kind<number> = { write: ({ out }, value) => out.count(value), read: ({ from }) => from.count() };
const signed: Kind<number> = { write: ({ out }, value) => out.signed(value), read: ({ from }) => from.signed() };
const decimal: Kind<number | null> = {
  write: ({ out }, value) => out.decimal(value),
  read: ({ from }) => from.decimal(),
};
/** Epoch ms. */
const time: Kind<number> = {
  write: ({ out, base }, value) => out.signed(value - base),
  read: ({ from, base }) => from.signed() + base,
};
const timeOrNull = orNull(time);

/** The GTIN is that of the identity, none, or another (a private scheme's). */
const gtin: Kind<string | null> = {
  write: ({ out, identity }, value) => {
    if (value === null) return out.count(0);
    if (identity.class > 0 && gtinText(identity.class) === value) return out.count(1);
    out.count(2);
    out.text(value);
  },
  read: ({ from, identity }) => {
    const form = from.count();
    if (form === 0) return null;
    return form === 1 ? gtinText(identity.class) : from.text();
  },
};

/** The URI follows from the identity and the length of the company prefix; 0 is none, 1 another one. */
const epcUri: Kind<string | null> = {
  write: ({ out, identity }, value) => {
    if (value === null) return out.count(0);
    const digits = prefixDigits(identity, value);
    out.count(1 + digits);
    if (digits === 0) out.text(value);
  },
  read: ({ from, identity }) => {
    const form = from.count();
    if (form === 0) return null;
    return form === 1 ? from.text() : sgtinUri(identity, form - 1);
  },
};

type Custody = NonNullable<Item['custody']>;
const custody: Kind<Custody> = {
  write: (to, value) => {
    text.write(to, value.party);
    time.write(to, value.since);
    timeOrNull.write(to, value.due);
  },
  read: (of) => ({ party: text.read(of), since: time.read(of), due: timeOrNull.read(of) }),
};

/** Each member as it stands in the body, in this order. A new one goes to the end of the table: in older bodies it is null. */
const kinds: { readonly [K in Exclude<keyof Item, 'id' | 'asOf'>]: Kind<Item[K]> } = {
  hex,
  scheme: word(),
  epcUri,
  gtin,
  presence: word(),
  absentReason: wordOrNull(),
  readPoint: wordOrNull(),
  location: wordOrNull(),
  previousLocation: wordOrNull(),
  placeSince: timeOrNull,
  placeSource: wordOrNull(),
  placeConfidence: decimal,
  lifecycle: word(),
  lifecycleReason: orNull(text),
  owner: word(),
  custody: orNull(custody),
  condition: word(),
  tag: word(),
  bucket: wordOrNull(),
  serviceCount: count,
  reader: wordOrNull(),
  antenna: orNull(signed),
  rssi: decimal,
  firstSeenAt: timeOrNull,
  lastSeenAt: timeOrNull,
};

type Member = keyof typeof kinds;
const members = Object.entries(kinds) as [Member, Kind<unknown>][];

/** Writes all members but the identity. `identity` is that of `item.id`. */
export function writeItem(out: ByteWriter, words: Dictionary, item: Item, identity: Identity): void {
  out.count(members.length);
  out.signed(item.asOf);
  const to = { out, words, identity, base: item.asOf };
  for (const [name, kind] of members) kind.write(to, item[name]);
}

/** The item of these bytes. Throws STORE_DAMAGED. */
export function readItem(from: ByteReader, words: Dictionary, identity: Identity, id: string): Item {
  const written = from.count();
  if (written > members.length) throw damagedRow();
  const base = from.signed();
  const of = { from, words, identity, base };
  const item: Record<string, unknown> = { id };
  for (const [at, [name, kind]] of members.entries()) item[name] = at < written ? kind.read(of) : null;
  item['asOf'] = base;
  return item as Item;
}
