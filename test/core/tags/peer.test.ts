import epcTds from 'epc-tds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../../src/tags/row.ts';
import { schemeNamed } from '../../../src/tags/schemes/table.ts';
import { type Made, tagsOf } from './row-arbitraries.ts';
import { decoded, hexOf } from './row-tags.ts';

/** The npm package epc-tds 1.4.1, which shares no code with ours, as the second opinion. */
type PeerTag = { toIdURI(): string; toTagURI(): string; toHexString(): string; toBarcode(): string };
type Peer = { valueOf(hex: string): PeerTag; fromTagURI(uri: string): PeerTag };
const peer = epcTds as unknown as Peer;

/** Tags of each scheme; PEER_TAGS raises it. */
const numRuns = Number(process.env['PEER_TAGS'] ?? 2000);

const names =
  'sgtin-96 sgtin-198 sscc-96 sgln-96 sgln-195 grai-96 grai-170 giai-96 giai-202 gsrn-96 gdti-96 gdti-174 cpi-96 sgcn-96 gid-96';
const rows = names.split(' ').map((name): [string, Scheme] => {
  const scheme = schemeNamed(name);
  if (scheme === null) throw new Error(`there is no ${name}`);
  return [name, scheme];
});

type Rule = { readonly says: string; applies(scheme: Scheme, values: readonly string[]): boolean };

/** Where epc-tds errs, told by what the tag holds and never by what it answers. */
const readsWrong: readonly Rule[] = [
  {
    says: 'it escapes nothing in a URI',
    applies: (_, values) => values.some((value) => /["#%&/<>?]/.test(value)),
  },
  { says: 'an empty reference (partition 0) is printed as 0', applies: (_, values) => values.includes('') },
  {
    says: 'a service reference loses its leading zeros',
    applies: (scheme, values) => scheme.name === 'gsrn-96' && values[1]?.startsWith('0') === true,
  },
];
const writesWrong: readonly Rule[] = [
  { says: 'it escapes nothing in a URI', applies: (_, values) => values.some((value) => /["#%&/<>?]/.test(value)) },
  { says: 'an empty reference (partition 0) is refused', applies: (_, values) => values.includes('') },
  { says: 'a text ends at its first dot or colon', applies: (_, values) => values.some((value) => /[.:]/.test(value)) },
  {
    says: 'a coupon serial loses its leading zeros',
    applies: (scheme, values) => scheme.name === 'sgcn-96' && /^0./.test(values[2] ?? ''),
  },
];
const barcodeWrong: readonly Rule[] = [
  ...readsWrong.slice(1),
  { says: 'GRAI lacks its leading zero', applies: (scheme) => scheme.identifier.name === 'grai' },
  { says: 'GID has no barcode', applies: (scheme) => scheme.name === 'gid-96' },
];

const errs = (rules: readonly Rule[], scheme: Scheme, made: Made) =>
  rules.some((rule) => rule.applies(scheme, made.values));

/** Compares with the peer wherever no rule says that it errs; how many that were. */
function compare(scheme: Scheme, rules: readonly Rule[], check: (hex: string) => void): number {
  let compared = 0;
  fc.assert(
    fc.property(tagsOf(scheme), (made) => {
      if (errs(rules, scheme, made)) return;
      check(hexOf(scheme, made));
      compared++;
    }),
    { numRuns },
  );
  return compared;
}

/** The value of the key's element: that of the first AI. */
function keyOf(elementString: string | null): string | undefined {
  const key = /^\(\d+\)(.*?)(?:(?<!\\)\(\d{2,4}\)|$)/.exec(elementString ?? '')?.[1];
  return key?.replaceAll('\\(', '(');
}

describe.each(rows)('%s beside epc-tds', (_, scheme) => {
  it('is read as the same tag URI and pure identity URI', () => {
    const compared = compare(scheme, readsWrong, (hex) => {
      const other = peer.valueOf(hex);
      const { tagUri, epcUri } = decoded(hex);
      expect([other.toTagURI(), other.toIdURI()]).toEqual([tagUri, epcUri]);
    });
    expect(compared).toBeGreaterThan(numRuns / 4);
  });

  it('is written as the same bits', () => {
    const digits = Math.floor((scheme.bits ?? 0) / 4);
    const compared = compare(scheme, writesWrong, (hex) => {
      const other = peer.fromTagURI(decoded(hex).tagUri ?? '').toHexString();
      expect(other.toUpperCase().slice(0, digits)).toBe(hex.slice(0, digits));
    });
    expect(compared).toBeGreaterThan(numRuns / 4);
  });

  it('has the same key with the same check digit', () => {
    const none = scheme.identifier.name === 'grai' || scheme.name === 'gid-96';
    const compared = compare(scheme, barcodeWrong, (hex) => {
      const key = keyOf(decoded(hex).elementString);
      expect(peer.valueOf(hex).toBarcode()).toBe(key);
    });
    expect(compared > numRuns / 4).toBe(!none);
  });
});

describe('each error that epc-tds is known for', () => {
  const wrongRead = (hex: string) => peer.valueOf(hex).toIdURI() !== decoded(hex).epcUri;
  const wrongWritten = (hex: string) => {
    try {
      return !hex.startsWith(
        peer
          .fromTagURI(decoded(hex).tagUri ?? '')
          .toHexString()
          .toUpperCase()
          .slice(0, hex.length),
      );
    } catch {
      return true;
    }
  };
  const cases = [
    ...readsWrong.map((rule): [string, Rule, (hex: string) => boolean] => [`read: ${rule.says}`, rule, wrongRead]),
    ...writesWrong.map((rule): [string, Rule, (hex: string) => boolean] => [
      `written: ${rule.says}`,
      rule,
      wrongWritten,
    ]),
  ];

  it.each(cases)('%s, in every tag that the rule leaves out', (_, rule, wrong) => {
    let left = 0;
    for (const [, scheme] of rows) {
      for (const made of fc.sample(tagsOf(scheme), 200)) {
        if (!rule.applies(scheme, made.values)) continue;
        left++;
        expect([made.values, wrong(hexOf(scheme, made))]).toEqual([made.values, true]);
      }
    }
    expect(left).toBeGreaterThan(0);
  });
});
