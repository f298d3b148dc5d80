import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { compileMessageDecoder } from '../../../../src/protocols/messages/decode.ts';
import { Damaged } from '../../../../src/protocols/messages/json-salvage.ts';
import { scanValue } from '../../../../src/protocols/messages/json-scan.ts';
import { damagedMembers, jsonMembers, type Member } from '../../../../src/protocols/messages/split.ts';
import type { MessageProfile } from '../../../../src/protocols/vocabulary/message-profile.ts';
import type { ReadMap } from '../../../../src/protocols/vocabulary/read-map.ts';
import { profiles } from '../../../edge/readers/messages/scene.ts';
import { readSink } from '../../../fakes/sink.ts';

const isDamaged = ({ value, damage }: Member) =>
  value instanceof Damaged || (typeof value === 'object' && value !== null && damage.has(value));
const goodOf = (members: Iterable<Member>) =>
  [...members].flatMap((member, index) => (isDamaged(member) ? [] : [{ index, value: member.value }]));
const whyOf = (text: string) =>
  [...jsonMembers(text)].flatMap(({ value, damage }) => {
    const found = value instanceof Damaged ? value : damage.get(value as object);
    return found === undefined ? [] : [found];
  });

/** A read as readers send it; texts may hold every mark of JSON's own. */
const read = fc.record({
  epc: fc.stringMatching(/^[0-9A-F]{24}$/),
  rssi: fc.integer({ min: -90, max: -20 }),
  note: fc.string({ maxLength: 12 }),
  antennas: fc.array(fc.record({ port: fc.integer({ min: 1, max: 8 }) }), { maxLength: 3 }),
});
type Read = { readonly epc: string; readonly rssi: number };

/** What senders make of one member of many. */
const damages: readonly ((member: Read) => string)[] = [
  ...['NaN', 'Infinity', '-Infinity', 'undefined', 'nan', '+5', '01', ''].map(
    (word) => (member: Read) => JSON.stringify(member).replace(/"rssi":-\d+/, `"rssi":${word}`),
  ),
  () => 'garbage',
  () => 'undefined',
  () => '<html>',
  () => '',
  (member) => JSON.stringify({ ...member, nested: { list: [1, 'X', 3] } }).replace('"X"', 'NaN'),
];

/** A comma, a quote, a bracket or the end of a member that were lost: the next good one says where it ends. */
const losses: readonly ((member: Read) => string)[] = [
  (member) => JSON.stringify(member).replace(/,"rssi/, ' "rssi'),
  (member) => JSON.stringify(member).replace(`${member.epc}"`, member.epc),
  (member) => JSON.stringify(member).replace(/\}$/, ''),
  (member) => JSON.stringify(member).slice(0, 20),
];

type Made = { readonly text: string; readonly value: unknown; readonly isGood: boolean };
const whole = (value: Read): Made => ({ text: JSON.stringify(value), value, isGood: true });
const broken = (by: typeof damages) =>
  fc
    .tuple(read, fc.constantFrom(...by))
    .map(([value, damage]): Made => ({ text: damage(value), value, isGood: false }));
const group: fc.Arbitrary<readonly Made[]> = fc.oneof(
  { weight: 3, arbitrary: read.map((value) => [whole(value)]) },
  { weight: 2, arbitrary: broken(damages).map((one) => [one]) },
  { weight: 1, arbitrary: fc.tuple(broken(losses), read).map(([lost, next]) => [lost, whole(next)]) },
);
/** Lists that end with a good member: what follows the damage must be found again. */
const lists = fc
  .tuple(fc.array(group, { minLength: 1, maxLength: 8 }), read)
  .map(([groups, last]) => [...groups.flat(), whole(last)]);
const wanted = (members: readonly Made[]) =>
  members.flatMap(({ value, isGood }, index) => (isGood ? [{ index, value }] : []));
const spaced = fc.constantFrom(',', ', ', ',\n  ');

describe('a damaged member spares its neighbours', () => {
  test('in an array: the good ones are read, in order, and every index is right', () => {
    fc.assert(
      fc.property(lists, spaced, (members, comma) => {
        const text = `[${members.map((one) => one.text).join(comma)}]`;
        expect(goodOf(jsonMembers(text))).toEqual(wanted(members));
      }),
      { numRuns: 2_000 },
    );
  });

  test('in a nested list, with what stands before and behind it', () => {
    fc.assert(
      fc.property(lists, spaced, (members, comma) => {
        const text = `{"type":"x","data":{"reads":[${members.map((one) => one.text).join(comma)}]},"ts":5}`;
        const found = [...jsonMembers(text)].map(({ value, damage }) => {
          const { type, data, ts } = value as { type: string; data: { reads: unknown[] }; ts: number };
          return { type, ts, reads: goodOf(data.reads.map((item) => ({ value: item, damage }))) };
        });
        expect(found).toEqual([{ type: 'x', ts: 5, reads: wanted(members) }]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('one a line', () => {
    fc.assert(
      fc.property(lists, (members) => {
        const lines = members.filter(({ text }) => text !== '');
        expect(goodOf(jsonMembers(lines.map((one) => one.text).join('\r\n')))).toEqual(wanted(lines));
      }),
      { numRuns: 1_000 },
    );
  });

  test('cut off anywhere, an array gives every member that came whole', () => {
    fc.assert(
      fc.property(fc.array(read, { minLength: 1, maxLength: 6 }), fc.nat(), (members, seed) => {
        const whole = JSON.stringify(members);
        const cut = seed % (whole.length - 1);
        const ends = members.map((_, i) => JSON.stringify(members.slice(0, i + 1)).length - 1);
        const came = members.filter((_, i) => (ends[i] ?? 0) <= cut);
        expect(goodOf(jsonMembers(whole.slice(0, cut))).map(({ value }) => value)).toEqual(came);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a comma too many at the end hides and adds nothing', () => {
    expect(goodOf(jsonMembers('[{"epc":"AA"},{"epc":"BB",},]'))).toEqual([
      { index: 0, value: { epc: 'AA' } },
      { index: 1, value: { epc: 'BB' } },
    ]);
  });
});

describe('the fallback', () => {
  const json = fc.json({ maxDepth: 4 });
  test('never disagrees with JSON.parse on JSON', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('', ' ', '\n', '\t\r\n'), (text, blank) => {
        const value: unknown = JSON.parse(text);
        const members = [...damagedMembers(blank + text + blank)];
        expect(members.map((member) => member.value)).toEqual(Array.isArray(value) ? value : [value]);
        expect(members.some(isDamaged)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('finds JSON to be JSON exactly where JSON.parse does', () => {
    const accepts = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const scans = (text: string) => {
      const scanned = scanValue(text, 0);
      return scanned.ok && text.slice(scanned.end).trim() === '';
    };
    const mutated = fc
      .tuple(json, fc.nat(), fc.constantFrom(...'{}[],:"\\0-.eE+tfnu\n\u0001 '))
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + mark + text.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(mutated, (text) => {
        expect(scans(text)).toBe(accepts(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test('says what is wrong, and where in the whole text', () => {
    expect(whyOf('[{"a":1},{"b":{"c":[1,NaN]}}]')).toMatchObject([{ at: 22, why: 'NaN is no JSON value' }]);
    expect(whyOf('{"a":1}\n{"a":-Infinity}\n')).toMatchObject([{ at: 13, why: '-Infinity is no JSON value' }]);
    expect(whyOf('{"reads":[{"epc":"AA"},{"epc":"B')).toMatchObject([{ at: 32, why: 'the text ends inside a string' }]);
    expect(whyOf('[{"a":1},,{"a":2}]')).toMatchObject([{ at: 9, why: 'nothing stands between two commas' }]);
    expect(whyOf('[{"a":1}')).toMatchObject([{ at: 8, why: 'the text ends inside a list' }]);
    expect(whyOf('[{"a":"x\ny"}]')).toMatchObject([{ at: 8, why: expect.stringContaining('control character') }]);
    expect(whyOf('[{"a" 1}]')).toMatchObject([{ at: 6, why: 'a colon is missing behind a name' }]);
  });

  test.each([
    ['opening brackets', '[{"a":['],
    ['lost quotes', '[{"epc":"A},'],
    ['garbage lines', 'x\n'],
    ['garbage with brackets', '}]x{['],
    ['commas', ','],
    ['objects that never end', '{"a":1,{'],
    ['nested lists that never end', '{"reads":[{"epc":"A","b":[NaN,'],
  ])('is done with mebibytes of %s', (_name, piece) => {
    const text = piece.repeat(Math.floor((2 * 1024 * 1024) / piece.length));
    let count = 0;
    for (const member of jsonMembers(`${text}{"epc":"AA"}`)) count += member.damage.size < 10_000_000 ? 1 : 0;
    expect(count).toBeGreaterThan(0);
  });
});

test('a message of which too much is damaged is given up with that reason, and what came before is kept', () => {
  const text = `[{"a":1},${'[[[[[[[x,'.repeat(500_000)}`;
  const members = [...jsonMembers(text)];
  expect(goodOf(members)).toEqual([{ index: 0, value: { a: 1 } }]);
  const nested = `[{"a":1},${'{"b":{"b":{"b":{"b":{"b":x,'.repeat(20_000)}`;
  const reasons = new Set([...jsonMembers(nested)].map(({ value }) => (value instanceof Damaged ? value.why : '')));
  expect(reasons).toContain('too much of the text is damaged');
});

describe('a message that is damaged on purpose', () => {
  const decoded = (text: string, map?: ReadMap) => {
    const bad: { reason: string; index: number; why: string | undefined }[] = [];
    const { sink } = readSink({ bad: (reason, _bytes, index, why) => void bad.push({ reason, index, why }) });
    const context = { reader: 'r', antenna: null, stamp: (_at: number | null, now: number) => now };
    const decoder = compileMessageDecoder(profiles.get('generic/json') as MessageProfile, map, context);
    decoder.message({ topic: '', payload: Buffer.from(text), at: 0 }, sink);
    return bad;
  };
  const last = { reason: 'TOO_LARGE', index: 100_000, why: expect.stringMatching(/behind 100000 bad members/) };

  test('names the line and column of each of very many damaged members in one look at the text', () => {
    let looks = 0;
    const indexOf = String.prototype.indexOf;
    const counted = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, ...given) {
      if (given[0] === '\n' && this.length > 10_000) looks += 1;
      return indexOf.apply(this, given);
    });
    const bad = decoded(`[${'x,\n'.repeat(3)}${'x,'.repeat(5_000)}x]`);
    counted.mockRestore();
    expect(bad[4]?.why).toMatch(/line 4, column 3\)/);
    expect(bad).toHaveLength(5_004);
    expect(looks).toBeLessThan(50);
  });

  test.each([
    ['a list of commas', `[x${','.repeat(150_000)}`],
    ['good JSON that is no reads', `[${'1,'.repeat(150_000)}1]`],
    ['a list inside', `{"reads":[${'1,'.repeat(150_000)}1]}`],
    ['lines', `{}\n${'x\n'.repeat(150_000)}`],
  ])('costs no more than 100,000 bad members, and the rest counts as one: %s', (_what, text) => {
    const bad = decoded(text);
    expect(bad).toHaveLength(100_001);
    expect(bad.at(-1)).toEqual(last);
  });

  test('keeps what comes before and behind a list that is nested more deeply than any reader nests', () => {
    const deep = '['.repeat(20_000);
    expect(goodOf(jsonMembers(`[{"a":1},${deep}`))).toEqual([{ index: 0, value: { a: 1 } }]);
    expect(whyOf(deep)[0]?.why).toBe('it is nested too deeply');
    const sound = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect([...jsonMembers(sound)]).toHaveLength(1);
  });
});
