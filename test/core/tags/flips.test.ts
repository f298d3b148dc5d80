import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Epc, identityOf } from '../../../src/tags/index.ts';
import { readEpc } from '../../../src/tags/read.ts';
import type { Scheme } from '../../../src/tags/row.ts';
import { schemes } from '../../../src/tags/schemes/table.ts';
import { type Made, tagsOf } from './row-arbitraries.ts';
import { decoded, hexOf, rows, runs } from './row-tags.ts';

type Part = 'header' | 'toggle' | 'filter' | 'date' | 'identity' | 'hostname' | 'fill';
type Compared = 'scheme' | 'id' | 'filter' | 'host' | 'data' | 'marks' | 'fields';

/** Bits of a part, in order; together they are all the bits of the content. */
type Span = { readonly part: Part; readonly to: number };

const usedBits = (hex: string) => readEpc(hex)?.reader.at ?? 0;

function spansOf(scheme: Scheme, made: Made, hex: string): Span[] {
  const { plus } = scheme;
  const end: Span[] = [{ part: 'fill', to: hex.length * 4 }];
  if (plus === undefined) {
    const head: Span[] = [
      { part: 'header', to: 8 },
      { part: 'filter', to: 8 + scheme.filterBits },
    ];
    return [...head, { part: 'identity', to: usedBits(hex) }, ...end];
  }
  const head: Span[] = [
    { part: 'header', to: 8 },
    { part: 'toggle', to: 9 },
    { part: 'filter', to: 12 },
    { part: 'date', to: plus.date ? 32 : 12 },
  ];
  if (!plus.hostname) return [...head, { part: 'identity', to: usedBits(hex) }, ...end];
  // The same key without a host name ends where the host name begins.
  const plain = schemes.find(({ name }) => `${name}+` === scheme.name);
  if (plain === undefined) throw new Error(`${scheme.name} has no row without a host name`);
  const key: Span[] = [{ part: 'identity', to: usedBits(hexOf(plain, made)) }];
  return [...head, ...key, { part: 'hostname', to: usedBits(hex) }, ...end];
}

function differences(before: Epc, after: Epc): Compared[] {
  const own = ({ hostname: _, ...fields }: Epc['fields']) => fields;
  const pairs: Record<Compared, [unknown, unknown]> = {
    scheme: [before.scheme, after.scheme],
    id: [before.id, after.id],
    filter: [before.filter, after.filter],
    host: [before.fields['hostname'], after.fields['hostname']],
    data: [before.data, after.data],
    marks: [before.marks, after.marks],
    fields: [own(before.fields), own(after.fields)],
  };
  const names = Object.keys(pairs) as Compared[];
  return names.filter((name) => JSON.stringify(pairs[name][0]) !== JSON.stringify(pairs[name][1]));
}

const only = (...allowed: Compared[]) => {
  return (found: readonly Compared[]) => found.length > 0 && found.every((name) => allowed.includes(name));
};
const another = (found: readonly Compared[]) => found.includes('id');
/** One digit is the same 4 bits as a number and as a hex digit: legal, and marked. */
const anotherSpelling = (found: readonly Compared[], after: Epc) =>
  only('marks')(found) && after.marks.includes('NON_SHORTEST');

type Claim = { readonly mayRefuse: boolean; readonly holds: (found: readonly Compared[], after: Epc) => boolean };

/** What one flipped bit may do, by the part that it is in: to a classic tag, and to a `+` tag. */
const classic: Partial<Record<Part, Claim>> = {
  header: { mayRefuse: true, holds: another },
  filter: { mayRefuse: false, holds: only('filter') },
  identity: { mayRefuse: true, holds: another },
  fill: { mayRefuse: false, holds: only('marks') },
};
const plus: Record<Part, Claim> = {
  header: { mayRefuse: true, holds: another },
  toggle: { mayRefuse: false, holds: only('marks') },
  filter: { mayRefuse: false, holds: only('filter') },
  date: { mayRefuse: true, holds: only('data') },
  identity: { mayRefuse: true, holds: (found, after) => another(found) || anotherSpelling(found, after) },
  hostname: { mayRefuse: true, holds: only('host', 'data', 'marks') },
  fill: { mayRefuse: true, holds: only('data', 'marks') },
};

function flipped(hex: string, bit: number): string {
  const digit = (Number.parseInt(hex.charAt(bit >> 2), 16) ^ (8 >> (bit & 3))).toString(16).toUpperCase();
  return hex.slice(0, bit >> 2) + digit + hex.slice((bit >> 2) + 1);
}

/** Every bit whose flip does what its part forbids. */
function violations(scheme: Scheme, made: Made): unknown[] {
  const hex = hexOf(scheme, made);
  const before = decoded(hex);
  const spans = spansOf(scheme, made, hex);
  const claims = scheme.plus === undefined ? classic : plus;
  const wrong: unknown[] = [];
  for (let bit = 0; bit < hex.length * 4; bit++) {
    const part = spans.find(({ to }) => bit < to)?.part ?? 'fill';
    const { epc, problem } = identityOf(flipped(hex, bit));
    const found = differences(before, epc);
    const right = problem === null ? claims[part]?.holds(found, epc) : claims[part]?.mayRefuse && found.includes('id');
    if (right !== true) wrong.push({ hex, bit, part, problem: problem?.code ?? null, found });
  }
  return wrong;
}

describe('one flipped bit, at every place of a tag of every row,', () => {
  it.each(rows)(
    '%s: makes it another thing or is refused, and elsewhere changes only what stands there',
    (_, scheme) => {
      fc.assert(
        fc.property(tagsOf(scheme), (made) => {
          expect(violations(scheme, made)).toEqual([]);
        }),
        runs,
      );
    },
  );

  it('finds identity bits in every row, and most of its bits are', () => {
    for (const [, scheme] of rows) {
      const [made] = fc.sample(tagsOf(scheme), { numRuns: 1, seed: 1 });
      if (made === undefined) throw new Error('nothing was made');
      const hex = hexOf(scheme, made);
      const spans = spansOf(scheme, made, hex);
      const at = spans.findIndex(({ part }) => part === 'identity');
      expect((spans[at]?.to ?? 0) - (spans[at - 1]?.to ?? 0)).toBeGreaterThan(24);
      expect(spans.at(-1)?.to).toBe(hex.length * 4);
    }
  });
});
