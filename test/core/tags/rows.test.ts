import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digitalLinkOf,
  encodeEpc,
  identityOf,
  keyOf,
  parseTag,
  plainElementString,
  pureIdentityOf,
} from '../../../src/tags/index.ts';
import { tagsOf } from './row-arbitraries.ts';
import { decoded, hexOf, rows, runs, tagOf } from './row-tags.ts';

function forms(hex: string): string[] {
  const epc = decoded(hex);
  const texts = [
    epc.tagUri,
    epc.epcUri,
    epc.elementString,
    plainElementString(epc),
    epc.digitalLink,
    epc.id,
    hex,
    hex.toLowerCase(),
  ];
  return texts.filter((text) => text !== null);
}

describe.each(rows)('%s', (_, scheme) => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(tagsOf(scheme), (made) => {
        const epc = decoded(hexOf(scheme, made));
        const tag = tagOf(scheme, made);
        expect(epc).toMatchObject({ scheme: scheme.name, filter: tag.filter, marks: [] });
        if (tag.components !== null)
          expect(Object.values(epc.fields).slice(0, tag.components.length)).toEqual(tag.components);
        const host = epc.fields['hostname'];
        expect(host?.toLowerCase()).toBe(tag.hostname?.toLowerCase());
      }),
      runs,
    );
  });

  it('is named the same by every form, and by the short ways', () => {
    fc.assert(
      fc.property(tagsOf(scheme), (made) => {
        const hex = hexOf(scheme, made);
        const { id, epcUri, digitalLink } = decoded(hex);
        for (const text of forms(hex)) {
          const parsed = parseTag(text);
          expect([text, parsed.ok ? parsed.epc.id : parsed.error]).toEqual([text, id]);
        }
        expect(keyOf(hex)).toBe(id);
        expect(pureIdentityOf(hex)).toBe(epcUri);
        expect(digitalLinkOf(hex)).toBe(digitalLink);
      }),
      runs,
    );
  });

  it('is written again as the same bits', () => {
    fc.assert(
      fc.property(tagsOf(scheme), (made) => {
        const hex = hexOf(scheme, made);
        const again = encodeEpc(hex);
        expect(again.ok && again.epc.hex).toBe(hex);
      }),
      runs,
    );
  });

  it('ignores fill behind it', () => {
    fc.assert(
      fc.property(tagsOf(scheme), fc.integer({ min: 1, max: 3 }), (made, words) => {
        const hex = hexOf(scheme, made);
        expect(decoded(hex + '0000'.repeat(words))).toEqual(decoded(hex));
      }),
      runs,
    );
  });

  it('is refused when it is cut short', () => {
    fc.assert(
      fc.property(tagsOf(scheme), fc.nat(), (made, seed) => {
        const hex = hexOf(scheme, made);
        const cut = hex.slice(0, 2 + 2 * (seed % (hex.length / 2 - 1)));
        const { epc, problem } = identityOf(cut);
        if (problem === null) expect(epc.id).not.toBe('');
        else expect(epc.scheme).toBe('raw');
        if (cut.length <= hex.length - 4) expect(problem?.code).toBe('TOO_SHORT');
      }),
      runs,
    );
  });
});
