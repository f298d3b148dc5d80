import { describe, expect, it } from 'vitest';
import { type Customer, recognise } from '../../../src/customers/index.ts';
import type { Observation } from '../../../src/presence/index.ts';
import { readPoint, start } from '../presence/fixtures.ts';

const person = (given: boolean): Customer => ({
  customer: 'crm-42',
  consent: { given, textVersion: 'v3', at: start, source: 'till' },
});
const people: Readonly<Record<string, Customer>> = { friend: person(true), stranger: person(false) };
const byToken = (id: string) => people[id] ?? null;
const readPoints = [
  readPoint('door', 'checkpoint', { location: 'entrance' }),
  readPoint('till', 'point-of-sale', { location: 'checkout' }),
];
const never = () => [];
const minute = 60_000;

const seen = (id: string, change: Observation['change'], at = start): Observation => ({
  change,
  id,
  hex: 'CAFE',
  readPoint: 'door',
  reader: 'r1',
  antenna: 1,
  rssi: -40,
  at,
  firstSeenAt: at,
  lastSeenAt: at,
  reads: 2,
  elsewhere: null,
  confidence: 1,
});

describe('a person’s token', () => {
  it('with consent is identified when it arrives, and only then', () => {
    const all = ['glimpsed', 'arrived', 'departed', 'stray'] as const;
    const { events, rest, withheld } = recognise(
      all.map((change) => seen('friend', change)),
      byToken,
      readPoints,
      never,
    );
    expect(rest).toEqual([]);
    expect(withheld).toEqual([]);
    expect(events).toEqual([
      {
        id: expect.any(String),
        type: 'customer.identified',
        customer: 'crm-42',
        at: start,
        readPoint: 'door',
        location: 'entrance',
        reader: 'r1',
      },
    ]);
  });

  it('without consent is withheld: no event, and nothing for inventory', () => {
    const all = ['glimpsed', 'arrived', 'departed', 'stray'] as const;
    const { events, rest, withheld } = recognise(
      all.map((change) => seen('stranger', change)),
      byToken,
      readPoints,
      never,
    );
    expect(events).toEqual([]);
    expect(rest).toEqual([]);
    expect(withheld).toHaveLength(4);
  });

  it('is in nothing that is handed on', () => {
    const { events } = recognise([seen('friend', 'arrived')], byToken, readPoints, never);
    expect(JSON.stringify(events)).not.toMatch(/friend|CAFE/);
  });

  it('gives the same id for the same visit and another for the next', () => {
    const ids = [start, start, start + 1].map(
      (at) => recognise([seen('friend', 'arrived', at)], byToken, readPoints, never).events[0]?.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe('a visit', () => {
  const at = (readPoint: string, ms: number) => ({ ...seen('friend', 'arrived', start + ms), readPoint });
  const told = (observations: readonly Observation[], sights: readonly number[] = []) =>
    recognise(observations, byToken, readPoints, () => sights).events.map((e) => `${e.type} ${e.location}`);

  it('is identified once, at its first read point; the next ones are interactions', () => {
    expect(told([at('till', 0), at('door', 5 * minute)])).toEqual([
      'customer.identified checkout',
      'customer.interaction entrance',
    ]);
    expect(told([at('door', 5 * minute)], [start])).toEqual(['customer.interaction entrance']);
  });

  it('lasts until the customer was not seen for more than 30 minutes, wherever that was', () => {
    expect(told([at('door', 30 * minute)], [start])).toEqual(['customer.interaction entrance']);
    expect(told([at('door', 30 * minute + 1)], [start])).toEqual(['customer.identified entrance']);
    expect(told([at('door', 50 * minute)], [start, start + 25 * minute])).toEqual(['customer.interaction entrance']);
  });

  it('of an old capture is a visit of its own, and a late report of this one is part of it', () => {
    expect(told([at('till', -1_000 * minute), at('door', 0)])).toEqual([
      'customer.identified checkout',
      'customer.identified entrance',
    ]);
    expect(told([at('till', -10 * minute)], [start])).toEqual(['customer.interaction checkout']);
  });

  it('asks for the sights of this customer and this token', () => {
    const asked: string[][] = [];
    const sights = (...names: string[]) => {
      asked.push(names);
      return [];
    };
    recognise([seen('friend', 'arrived'), seen('stranger', 'arrived')], byToken, readPoints, sights);
    expect(asked).toEqual([['crm-42', 'friend']]);
  });

  it('told twice has the same events: an arrival that comes again has the id it had', () => {
    const [first] = recognise([at('door', 0)], byToken, readPoints, never).events;
    const [again] = recognise([at('door', 0)], byToken, readPoints, () => [start]).events;
    expect(again?.id).toBe(first?.id);
  });
});

describe('everything else', () => {
  it('goes on to inventory untouched and in order', () => {
    const things = [seen('a', 'arrived'), seen('friend', 'arrived'), seen('b', 'departed')];
    expect(recognise(things, byToken, readPoints, never).rest).toEqual([things[0], things[2]]);
  });
});
