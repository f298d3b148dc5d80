import { describe, expect, it } from 'vitest';
import { createPresence } from '../../../src/presence/index.ts';
import { standardTags } from '../../../src/tags/index.ts';
import { arrayDoor } from './array-door.ts';
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

/** Presence with the standard's codec; `asked` is what it decoded. */
function scene() {
  const asked: string[] = [];
  const presence = arrayDoor(
    createPresence({
      readPoints,
      readPointOf: (_, antenna) => (antenna === null ? null : (readPoints[antenna - 1]?.id ?? null)),
      identify: (content) => {
        asked.push(content.epc);
        return standardTags.readIdentityOf(content);
      },
      count: () => undefined,
      seed: 7,
    }),
  );
  const changes = (at: number, ...epcs: string[]) =>
    presence
      .take(
        epcs.map((epc, n) => sight(epc, at + n * 100)),
        start + at + 100,
        false,
      )
      .map(({ change, id: of, hex }) => `${change} ${of} ${hex}`);
  return { presence, asked, changes };
}

describe('the index of tags', () => {
  it('knows every spelling that a tag was read by without decoding it again, and none once the tag has gone', () => {
    const { presence, asked, changes } = scene();
    expect(changes(0, ...spellings)).toEqual([`glimpsed ${id} ${tag}`, `arrived ${id} ${other}`]);
    asked.length = 0;
    expect(changes(1_000, ...spellings, ...spellings)).toEqual([]);
    expect(asked).toEqual([]);
    expect(presence.expire(start + 700_000)).toMatchObject([{ change: 'departed', id, hex: spellings[2] }]);
    asked.length = 0;
    changes(800_000, ...spellings);
    expect(asked).toEqual(spellings);
  });

  it('makes one item of a tag that left and comes again under two spellings', () => {
    const { presence, changes } = scene();
    const both = [`glimpsed ${id} ${tag}`, `arrived ${id} ${other}`];
    expect(changes(0, tag, other)).toEqual(both);
    expect(presence.expire(start + 700_000)).toHaveLength(1);
    expect(changes(800_000, tag, other)).toEqual(both);
    expect(Object.values(presence.presentAt()).reduce((sum, count) => sum + count)).toBe(1);
  });

  it('tells contents apart that are longer than its words and begin alike', () => {
    const { presence } = scene();
    const long = [`${'AB'.repeat(12)}01`, `${'AB'.repeat(12)}02`, 'AB'.repeat(12), `${'AB'.repeat(12)}00`];
    const out = presence.take(
      long.map((epc) => sight(epc)),
      start,
      false,
    );
    expect(new Set(out.map(({ id: of }) => of)).size).toBe(4);
    expect(out.map(({ hex }) => hex)).toEqual(long);
  });
});
