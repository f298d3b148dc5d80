import { afiOf, type TagRead } from '../../../../src/tags/index.ts';
import type { Entry, Tag } from './entry.ts';

/** Which tags are here, found by what a reader reports with one look-up. A tag without an entry takes no room. */
export type TagIndex = {
  /** The tag of this read; a new one is not kept until it has an entry. */
  tagOf(read: TagRead): Tag;
  byId(id: string): Tag | undefined;
  add(entry: Entry): void;
  remove(entry: Entry): void;
  /** How many entries all tags have. */
  size(): number;
  /** Calls `work` with each entry of every tag. */
  each(work: (entry: Entry) => void): void;
};

type Identify = (read: Pick<TagRead, 'epc' | 'idType' | 'pc'>) => string;

/** `remembered` bounds the decoded identities kept, those of tags that are not here any more included. */
export function createTagIndex(identify: Identify, remembered: number): TagIndex {
  const byKey = new Map<string, Tag>();
  const tags = new Map<string, Tag>();
  const identityOf = createMemo(identify, remembered);
  let size = 0;

  const firstMet = (key: string, read: TagRead): Tag => {
    const id = identityOf(key, read);
    const tag = tags.get(id);
    if (tag === undefined) return { id, keys: [key], entries: [] };
    tag.keys.push(key);
    byKey.set(key, tag);
    return tag;
  };

  return {
    tagOf: (read) => {
      const key = keyOf(read);
      return byKey.get(key) ?? firstMet(key, read);
    },
    byId: (id) => tags.get(id),
    add: (entry) => {
      const { tag } = entry;
      tag.entries.push(entry);
      size++;
      tags.set(tag.id, tag);
      for (const key of tag.keys) byKey.set(key, tag);
    },
    remove: (entry) => {
      const { tag } = entry;
      tag.entries.splice(tag.entries.indexOf(entry), 1);
      size--;
      if (tag.entries.length > 0) return;
      tags.delete(tag.id);
      for (const key of tag.keys) byKey.delete(key);
    },
    size: () => size,
    each: (work) => {
      for (const tag of tags.values()) for (const entry of tag.entries) work(entry);
    },
  };
}

/** TIDs, card numbers and ISO tags may look like EPCs: they have their own keys. */
function keyOf({ epc, idType, pc }: TagRead): string {
  if (idType !== 'epc') return `${idType}:${epc}`;
  const afi = afiOf(pc);
  return afi === null ? epc : `${afi}:${epc}`;
}

/** Decodes once and remembers; the oldest is forgotten first, so forged tags cannot fill the memory. */
function createMemo(identify: Identify, limit: number): (key: string, read: TagRead) => string {
  const known = new Map<string, string>();
  return (key, read) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const id = identify(read);
    if (known.size >= limit) {
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    }
    known.set(key, id);
    return id;
  };
}
