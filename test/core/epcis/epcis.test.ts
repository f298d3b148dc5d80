import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { customerToEpcis, toEpcis } from '../../../src/epcis/index.ts';
import { bizSteps, dispositions } from '../../../src/epcis/vocabulary.ts';
import { wordsOfInput, wordsOfSighting } from '../../../src/inventory/cbv-words.ts';
import { type ItemEvent, lifecycleInputs, lifecycles } from '../../../src/inventory/index.ts';
import { locationKinds } from '../../../src/presence/index.ts';
import { arrived, departed, id, start, world } from '../inventory/fixtures.ts';

const site = { id: 'taipei-xinyi', gln: '4710088000017' };
const retailCore = JSON.parse(readFileSync(new URL('../../golden/epcis-retail-core.json', import.meta.url), 'utf8'));
const samples: Record<string, unknown>[] = retailCore.epcisBody.eventList;

/** Members that EPCIS 2.0 defines for the event types we write; all others need a prefix. */
const members = new Set(
  [
    '@context type eventID eventTime eventTimeZoneOffset action epcList bizTransactionList bizStep disposition',
    'readPoint bizLocation',
  ]
    .join(' ')
    .split(' '),
);
const isUri = (text: unknown) =>
  typeof text === 'string' && /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text);

/** What the public schema catches, and the traps it does not [docs/item-model.md, "EPCIS"]. */
function problems(event: object): string[] {
  const given = new Map(Object.entries(event));
  const found: string[] = [];
  const must = (holds: boolean, text: string) => void (holds || found.push(text));
  for (const name of given.keys()) must(members.has(name) || name.startsWith('silentgate:'), `bare member ${name}`);
  must(isUri(given.get('eventID')), 'eventID');
  must(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(given.get('eventTime')), 'eventTime');
  must(given.get('eventTimeZoneOffset') === '+00:00', 'eventTimeZoneOffset');
  must(['ADD', 'OBSERVE', 'DELETE'].includes(given.get('action')), 'action');
  must(given.get('epcList').length === 1 && given.get('epcList').every(isUri), 'epcList');
  for (const [name, words] of [
    ['bizStep', bizSteps],
    ['disposition', dispositions],
  ] as const) {
    const word = given.get(name);
    must(word === undefined || words.has(word) || isUri(word), `${name} ${word}`);
  }
  for (const name of ['readPoint', 'bizLocation']) must(!given.has(name) || isUri(given.get(name).id), name);
  const encoding = given.get('bizStep') === 'encoding';
  must(given.get('type') === (encoding ? 'TransactionEvent' : 'ObjectEvent'), 'type');
  must(!encoding || isUri(given.get('bizTransactionList')[0].bizTransaction), 'bizTransactionList');
  return found;
}

/** A day with every kind of event. */
function day(): ItemEvent[] {
  const w = world();
  w.input('encode', 0);
  w.input('commission', 1, { location: 'back' });
  w.observe(arrived('store-1', 10), arrived('shelf-1', 1000), arrived('fit-1', 2000), departed('fit-1', 2500));
  w.observe(arrived('shelf-1', 90_000));
  w.input('hold', 100_000, { reason: 'damaged' });
  w.input('clear', 110_000);
  w.input('allocate', 120_000);
  w.input('release', 130_000);
  w.input('sell', 140_000, { id: 'receipt 1/ü' });
  w.input('return', 150_000);
  w.input('clear', 160_000);
  w.observe(arrived('exit-1', 170_000), departed('exit-1', 180_000));
  w.observe(arrived('store-1', 5), arrived('shelf-1', 900_000));
  w.input('clear', 1_000_000);
  w.observe(arrived('pos-1', 1_100_000));
  w.input('retire', 1_200_000);
  w.observe(arrived('shelf-1', 1_300_000));
  return w.log;
}

describe('an item event in EPCIS 2.0', () => {
  it.each(day().map((event) => [`${event.type} by ${event.input}`, event] as const))(
    '%s fits the standard',
    (_, event) => {
      expect(problems(toEpcis(event, site))).toEqual([]);
      expect(problems(toEpcis(event, { id: 'a shop', gln: null }))).toEqual([]);
    },
  );

  it('has a word for every input, lifecycle and kind of location', () => {
    const [event] = world().observe(arrived('shelf-1', 0));
    if (event === undefined) throw new Error('no event');
    for (const lifecycle of lifecycles) {
      for (const kind of locationKinds) {
        const item = { ...event.item, lifecycle };
        for (const input of lifecycleInputs)
          expect(problems(toEpcis({ ...event, item, ...wordsOfInput(input, item, kind), cause: 'c' }, site))).toEqual(
            [],
          );
        expect(problems(toEpcis({ ...event, item, ...wordsOfSighting(item, kind, null) }, site))).toEqual([]);
      }
    }
  });

  it('names the thing by its Digital Link, the places by GLN with extension, and the fact by its content', () => {
    const [event] = world().observe(arrived('shelf-1', 0));
    if (event === undefined) throw new Error('no event');
    expect(toEpcis(event, site)).toMatchObject({
      type: 'ObjectEvent',
      eventID: `urn:silentgate:event:${event.id}`,
      eventTime: new Date(start).toISOString(),
      epcList: [id],
      readPoint: { id: 'https://id.gs1.org/414/4710088000017/254/shelf-1' },
      bizLocation: { id: 'https://id.gs1.org/414/4710088000017/254/floor' },
    });
    expect(id).toMatch(/^https:\/\/id\.gs1\.org\/01\/\d{14}\/21\//);
    const urn = toEpcis(event, { id: 'a shop', gln: null });
    expect(urn).toMatchObject({ readPoint: { id: 'urn:silentgate:a%20shop:readpoint:shelf-1' } });
  });

  it.each([
    ['2026-01-15T12:00:00Z', -300, '-05:00'],
    ['2026-07-15T12:00:00Z', -240, '-04:00'],
    ['2026-07-15T12:00:00Z', 345, '+05:45'],
    ['2026-07-15T12:00:00Z', 0, '+00:00'],
    ['2026-07-15T12:00:00Z', -210, '-03:30'],
  ])('at %s, with clocks %i minutes ahead of UTC, says the offset %s and the time in UTC', (time, minutes, offset) => {
    const [event] = world().observe(arrived('shelf-1', 0));
    if (event === undefined) throw new Error('no event');
    const at = Date.parse(time);
    const place = { ...site, offsetMinutes: (asked: number) => (asked === at ? minutes : Number.NaN) };
    const when = { eventTime: time.replace('Z', '.000Z'), eventTimeZoneOffset: offset };
    expect(toEpcis({ ...event, at }, place)).toMatchObject(when);
    const customer = {
      id: 'c',
      type: 'customer.identified',
      customer: 'x',
      at,
      readPoint: 'a',
      location: 'b',
      reader: 'r',
    };
    expect(customerToEpcis(customer as Parameters<typeof customerToEpcis>[0], place)).toMatchObject(when);
  });

  it('spells our own words as URIs', () => {
    const w = world();
    const [, fitting] = w.observe(arrived('shelf-1', 0), arrived('fit-1', 1000));
    if (fitting === undefined) throw new Error('no event');
    expect(toEpcis(fitting, site)).toMatchObject({ bizStep: 'urn:silentgate:ns:bizstep:fitting' });
  });

  it('says the words of the retail samples', () => {
    const words = (e: Record<string, unknown>) =>
      `${e['action']} ${e['bizStep']} ${e['disposition']} ${'bizLocation' in e}`;
    const ours = new Set([...day(), ...received()].map((event) => words({ ...toEpcis(event, site) })));
    const steps = ['receiving', 'stocking', 'retail_selling', 'entering_exiting'];
    const theirs = samples
      .filter((e) => e['type'] === 'ObjectEvent' && steps.includes(String(e['bizStep'])))
      .map(words);
    expect(theirs).toHaveLength(5);
    for (const text of theirs) expect(ours).toContain(text);
  });

  it('knows every bare word of the samples', () => {
    for (const { bizStep, disposition } of samples as { bizStep: string; disposition: string }[]) {
      expect(bizSteps.has(bizStep) || bizStep.includes(':')).toBe(true);
      expect(dispositions.has(disposition) || disposition.includes(':')).toBe(true);
    }
    expect([bizSteps.size, dispositions.size]).toEqual([41, 33]);
  });
});

function received(): ItemEvent[] {
  const w = world();
  return w.observe(arrived('dock-in', 0), arrived('shelf-1', 9000));
}

describe('a customer event', () => {
  it('is no object event: the person is never in an epcList', () => {
    const event = { id: 'x', type: 'customer.identified' as const, customer: 'crm-42', at: start, readPoint: 'door' };
    const epcis = { ...customerToEpcis({ ...event, location: 'entrance', reader: 'r1' }, site) };
    expect(epcis['type']).toBe('silentgate:CustomerIdentified');
    expect(epcis).not.toHaveProperty('epcList');
    const known = new Set(['@context', 'type', 'eventID', 'eventTime', 'eventTimeZoneOffset']);
    for (const name of Object.keys(epcis)) expect(known.has(name) || name.startsWith('silentgate:')).toBe(true);
    expect(epcis['silentgate:customer']).toBe('crm-42');
  });
});
