import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/presence/entry.ts';
import { createPresence } from '../../../src/presence/index.ts';
import { createTagIndex } from '../../../src/presence/tag-index.ts';
import { standardTags } from '../../../src/tags/index.ts';
import { read, readPoints, start, tag } from './fixtures.ts';

const id = 'https://id.gs1.org/01/80614141123458/21/6789';
/** The same thing as a tag of another scheme, and as a reader sends it that puts the PC word in front. */
const other = hexOf('urn:epc:tag:sgtin-198:3.0614141.812345.6789');
const spellings = [tag, other, `3000${tag}`];

function hexOf(uri: string): string {
  const written = standardTags.encode(uri);
  if (!written.ok || written.epc.hex === null) throw new Error('not written');
  return written.epc.hex;
}

const sight = (epc: string, at = 0) => read(1, at, { epc });

describe('the index of tags', () => {
  it('keeps every spelling that a tag was read by, once, and drops all of them with it', () => {
    const index = createTagIndex(standardTags.readIdentityOf, 100);
    const found = index.tagOf(sight(tag));
    const entry = { tag: found } as Entry;
    index.add(entry);
    for (const epc of [...spellings, ...spellings]) expect(index.tagOf(sight(epc))).toBe(found);
    expect(found).toMatchObject({ id, keys: spellings });
    index.remove(entry);
    for (const epc of spellings) expect(index.tagOf(sight(epc))).not.toBe(found);
  });

  it('makes one item of a tag that left and comes again under two spellings', () => {
    const presence = createPresence({
      readPoints,
      readPointOf: (_, antenna) => (antenna === null ? null : (readPoints[antenna - 1]?.id ?? null)),
      identify: standardTags.readIdentityOf,
      count: () => undefined,
    });
    const changes = (at: number, ...epcs: string[]) =>
      presence
        .take(
          epcs.map((epc, n) => sight(epc, at + n * 100)),
          start + at + 100,
          false,
        )
        .map(({ change, id: of }) => `${change} ${of}`);
    expect(changes(0, tag, other)).toEqual([`glimpsed ${id}`, `arrived ${id}`]);
    expect(presence.expire(start + 700_000)).toHaveLength(1);
    expect(changes(800_000, tag, other)).toEqual([`glimpsed ${id}`, `arrived ${id}`]);
    expect(Object.values(presence.presentAt()).reduce((sum, count) => sum + count)).toBe(1);
  });
});
