import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTagCodec,
  decodeEpcBank,
  decodeTid,
  digitalLinkOf,
  encodeEpc,
  gtinOf,
  identityOf,
  keyOf,
  parseTag,
  pureIdentityOf,
  readPackedObjects,
  readUserMemory,
  writePackedObjects,
} from '../../../src/tags/index.ts';
import { schemes } from '../../../src/tags/schemes/table.ts';
import { tagsOf } from './row-arbitraries.ts';
import { decoded, hexOf } from './row-tags.ts';

/** Random contents that are tried; TAGS_CONTENTS=1e7 is the long run. */
const contents = Number(process.env['TAGS_CONTENTS'] ?? 1e6);

/** A small generator of its own (xorshift32): it takes nearly no time, and the same seed makes the same bytes. */
function randomWords(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const next = randomWords(20261121);
const below = (limit: number) => next() % limit;
const bytes = Buffer.alloc(68);
const headers = schemes.map((scheme) => scheme.header);
const wholeTags = schemes.flatMap((scheme) =>
  fc.sample(tagsOf(scheme), { numRuns: 20, seed: 20261121 }).map((made) => Buffer.from(hexOf(scheme, made), 'hex')),
);
const wholeTexts = wholeTags.flatMap((tag) => {
  const { tagUri, id, elementString } = decoded(tag.toString('hex'));
  return [tagUri, id, elementString].filter((text) => text !== null);
});
const grammar = '0123456789ABCDEFabcdef()/.:%#+-_ ^]=?&';
const words = [
  'urn:epc:id:sgtin:',
  'urn:epc:tag:giai-202:',
  '(01)',
  '(21)',
  'https://id.gs1.org/01/',
  ']d2',
  '/21/',
  'x',
];

/** 0 to 64 random bytes, the first of them `first` where it is given. */
function randomContent(first: number | null = null): string {
  for (let at = 0; at < 64; at += 4) bytes.writeUInt32LE(next(), at);
  if (first !== null) bytes[0] = first;
  return bytes.toString('hex', 0, below(65));
}

/** A tag that was whole before some of its bytes went wrong, or its end was lost. */
function damagedTag(): string {
  const whole = wholeTags[below(wholeTags.length)] ?? bytes;
  whole.copy(bytes);
  for (let times = below(4); times > 0; times--) bytes[below(whole.length)] = below(256);
  return bytes.toString('hex', 0, below(8) === 0 ? below(whole.length + 1) : whole.length);
}

/** A form of a tag in which some characters went wrong, or none. */
function damagedText(): string {
  let text = wholeTexts[below(wholeTexts.length)] ?? '';
  for (let times = below(4); times > 0; times--) {
    const at = below(text.length + 1);
    text = text.slice(0, at) + grammar.charAt(below(grammar.length)) + text.slice(at + below(2));
  }
  return text;
}

function randomText(): string {
  let text = words[below(words.length)] ?? '';
  for (let left = below(40); left > 0; left--) text += grammar.charAt(below(grammar.length));
  return text + (words[below(words.length)] ?? '');
}

const house = createTagCodec({
  schemes: [
    {
      name: 'house',
      fields: [
        { name: 'mark', bits: 8, as: 'hex', equals: 'AB' },
        { name: 'gtin', bits: 44, as: 'digits', size: 13 },
        { name: 'text', bits: 28, as: 'ascii7' },
      ],
    },
  ],
});

/** AIs that user memory has a place for, and others; values that fit them, and others. */
function randomElements(): [string, string][] {
  const ais = ['10', '21', '17', '310', '3103', '01', 'x', '٣'];
  return Array.from({ length: below(3) + 1 }, () => {
    const value = String(next()).padStart(6, '0').slice(0, below(12));
    return [ais[below(ais.length)] ?? '', below(8) === 0 ? damagedText() : value];
  });
}

/** Each reader of what a tag or a person gives, with what is thrown at it; true where it made sense of it. */
const kinds: readonly [share: number, name: string, tryOne: () => boolean][] = [
  [3, 'EPC behind a known header', () => keyOf(randomContent(headers[below(headers.length)])).startsWith('https:')],
  [1, 'EPC of any bytes', () => pureIdentityOf(randomContent()) !== null],
  [3, 'EPC that was damaged', () => identityOf(damagedTag()).problem === null],
  [1, 'Digital Link of a damaged EPC', () => digitalLinkOf(damagedTag()) !== null],
  [1, 'EPC bank', () => decodeEpcBank(randomContent()).ok],
  [1, 'EPC bank with a tag in it', () => decodeEpcBank(`3000${damagedTag()}`).ok],
  [1, 'TID', () => decodeTid(randomContent(below(2) === 0 ? 0xe2 : null)).ok],
  [1, 'user memory', () => readUserMemory(randomContent()).ok],
  [1, 'Packed Objects', () => readPackedObjects(randomContent(0x89)).ok],
  [1, 'text', () => parseTag(below(2) === 0 ? randomText() : damagedText()).ok],
  [1, 'text that may name a trade item', () => gtinOf(below(2) === 0 ? randomText() : damagedText()).ok],
  [1, 'elements to write into user memory', () => writePackedObjects(randomElements()).ok],
  [1, 'tag of a store’s own', () => house.identityOf(randomContent(0xab)).epc.scheme === 'house'],
  [1, 'text to encode', () => encodeEpc(damagedText(), { companyPrefixLength: 6 + below(7) }).ok],
];
const turns = kinds.flatMap(([share, name, tryOne]) => Array.from({ length: share }, () => ({ name, tryOne })));

describe('random content', () => {
  it(`never throws: ${contents} of EPCs, banks, TIDs, user memories and texts`, () => {
    const sense = new Map(kinds.map(([, name]) => [name, { tried: 0, made: 0 }]));
    for (let done = 0; done < contents; done++) {
      const turn = turns[done % turns.length];
      const count = sense.get(turn?.name ?? '');
      if (turn === undefined || count === undefined) throw new Error('no turn');
      count.tried++;
      if (turn.tryOne()) count.made++;
    }
    // Each kind reached both ends: what is refused, and what is read all the way.
    for (const [name, { tried, made }] of sense) expect([name, made > 0, made < tried]).toEqual([name, true, true]);
  }, 1_200_000);

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
