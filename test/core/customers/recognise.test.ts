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
const readPoints = [readPoint('door', 'checkpoint', { location: 'entrance' })];

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
    );
    expect(events).toEqual([]);
    expect(rest).toEqual([]);
    expect(withheld).toHaveLength(4);
  });

  it('is in nothing that is handed on', () => {
    const { events } = recognise([seen('friend', 'arrived')], byToken, readPoints);
    expect(JSON.stringify(events)).not.toMatch(/friend|CAFE/);
  });

  it('gives the same id for the same visit and another for the next', () => {
    const ids = [start, start, start + 1].map(
      (at) => recognise([seen('friend', 'arrived', at)], byToken, readPoints).events[0]?.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe('everything else', () => {
  it('goes on to inventory untouched and in order', () => {
    const things = [seen('a', 'arrived'), seen('friend', 'arrived'), seen('b', 'departed')];
    expect(recognise(things, byToken, readPoints).rest).toEqual([things[0], things[2]]);
  });
});
