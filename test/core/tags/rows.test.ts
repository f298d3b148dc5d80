import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../../src/tags/identity.ts';
import {
  decodeEpc,
  digitalLinkOf,
  encodeEpc,
  identityOf,
  keyOf,
  parseTag,
  plainElementString,
  pureIdentityOf,
} from '../../../src/tags/index.ts';
import type { Scheme } from '../../../src/tags/row.ts';
import { schemes } from '../../../src/tags/schemes/table.ts';
import type { Tag } from '../../../src/tags/tag.ts';
import { writeTag } from '../../../src/tags/write.ts';
import { type Made, tagsOf } from './row-arbitraries.ts';

const rows = schemes.map((scheme): [string, Scheme] => [scheme.name, scheme]);
/** Runs of each property for each row; TAGS_RUNS raises it for a deep run. */
const runs = { numRuns: Number(process.env['TAGS_RUNS'] ?? 20) };

function join(scheme: Scheme, values: readonly string[]): string[] {
  const groups = scheme.plus?.groups ?? [];
  const start = (at: number) => groups.slice(0, at).reduce((sum, count) => sum + count, 0);
  const elements = groups.map((_, at) => values.slice(start(at), start(at + 1)).join(''));
  return elements.filter((value, at) => at === 0 || value !== scheme.identifier.elements?.others[at - 1]?.omit);
}

function tagOf(scheme: Scheme, made: Made): Tag {
  const spec = scheme.identifier.elements;
  const classic = scheme.form === 'components';
  const elements = classic ? (spec === null ? null : elementsOf(spec, made.values)) : join(scheme, made.values);
  return {
    identifier: scheme.identifier,
    scheme,
    hex: null,
    filter: scheme.filterBits === 0 ? null : made.filter,
    components: classic ? made.values : null,
    elements,
    hostname: scheme.plus?.hostname ? made.hostname : null,
    linkHost: null,
    data: scheme.plus?.date ? [['17', '301200']] : [],
    marks: [],
  };
}

function hexOf(scheme: Scheme, made: Made): string {
  const written = writeTag(tagOf(scheme, made), scheme, made.filter);
  if (!written.ok) throw new Error(`${scheme.name} ${JSON.stringify(made)}: ${JSON.stringify(written.error)}`);
  return written.hex;
}

function decoded(hex: string) {
  const result = decodeEpc(hex);
  if (!result.ok) throw new Error(`${hex}: ${JSON.stringify(result.error)}`);
  return result.epc;
}

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

  it('when one bit flips, is another thing, is refused, or differs only where no identity is', () => {
    fc.assert(
      fc.property(tagsOf(scheme), fc.nat(), (made, seed) => {
        const hex = hexOf(scheme, made);
        const bit = seed % (hex.length * 4);
        const digit = (Number.parseInt(hex.charAt(bit >> 2), 16) ^ (8 >> (bit & 3))).toString(16).toUpperCase();
        const flipped = hex.slice(0, bit >> 2) + digit + hex.slice((bit >> 2) + 1);
        const { epc, problem } = identityOf(flipped);
        const before = decoded(hex);
        if (problem !== null || epc.id !== before.id) return;
        const beside = (one: typeof epc) => [one.scheme, one.filter, one.fields['hostname'], one.data, one.marks];
        expect(beside(epc)).not.toEqual(beside(before));
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

/** A small generator of its own (xorshift32), so that ten million bytes take seconds. */
function randomBytes(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  };
}

describe('random content', () => {
  it('never throws in ten million bytes', () => {
    const next = randomBytes(20261121);
    const headers = schemes.map((scheme) => scheme.header);
    let raw = 0;
    for (let bytes = 0; bytes < Number(process.env['TAGS_BYTES'] ?? 1e7); bytes += 62) {
      const content = Buffer.from(Array.from({ length: 62 }, next));
      content[0] = headers[next() % headers.length] ?? 0;
      if (keyOf(content.toString('hex')).startsWith('urn:epc:raw:')) raw++;
    }
    expect(raw).toBeGreaterThan(0);
  }, 60_000);

  it('never throws, and always has an identity', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 66 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        expect(identityOf(hex).epc.id).toMatch(/^(urn:|https:)/);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws behind any known header', () => {
    const header = fc.constantFrom(...schemes.map((scheme) => scheme.header));
    fc.assert(
      fc.property(header, fc.uint8Array({ minLength: 0, maxLength: 61 }), (first, bytes) => {
        const hex = Buffer.from([first, ...bytes]).toString('hex');
        const { epc, problem } = identityOf(hex);
        expect(epc.scheme === 'raw').toBe(problem !== null);
        if (problem !== null)
          expect([pureIdentityOf(hex), digitalLinkOf(hex), keyOf(hex)]).toEqual([null, null, epc.id]);
        if (problem === null) expect(parseTag(epc.id)).toMatchObject({ ok: true, epc: { id: epc.id } });
      }),
      { numRuns: 1000 },
    );
  });

  it('as text never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789()/.:%urnepcidtags^]=?&https') })),
        (text) => {
          for (const form of [
            text,
            `urn:epc:id:${text}`,
            `urn:epc:tag:sgtin-96:${text}`,
            `(01)${text}`,
            `https://id.gs1.org/01/${text}`,
          ]) {
            expect(typeof parseTag(form).ok).toBe('boolean');
            expect(typeof encodeEpc(form).ok).toBe('boolean');
          }
          expect(identityOf(text).epc.scheme).not.toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });
});
