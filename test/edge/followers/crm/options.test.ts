import { describe, expect, it } from 'vitest';
import { addressKind, guardedLookup } from '../../../../src/followers/crm/address.ts';
import { createForwarder, DestinationOptions, destinationProblems } from '../../../../src/followers/crm/index.ts';
import { wantsOf } from '../../../../src/followers/crm/routes.ts';
import { compile, silentLog, systemClock } from '../../../../src/kit/index.ts';
import { memoryOutbox } from '../../../fakes/memory-outbox.ts';
import { outboxOnly } from '../../../fakes/memory-store.ts';

const checker = compile(DestinationOptions);
const good = { id: 'main', url: 'https://crm.example.com/hooks', secret: { env: 'CRM_SECRET' } };

describe('a destination in the configuration', () => {
  it.each([
    good,
    { ...good, events: ['item.*', 'customer.identified', '*'] },
    { ...good, batch: 1, inFlight: 32, timeoutMs: 100, private: true, insecure: false, ca: 'ca.pem' },
    { ...good, secret: { file: '/run/secrets/crm' } },
  ])('is taken: %j', (value) => {
    expect(checker.problems(value)).toEqual([]);
  });

  it.each([
    ['/url', { ...good, url: 'crm.example.com' }],
    ['/url', { ...good, url: 'ftp://crm.example.com' }],
    ['/secret', { ...good, secret: 'whsec_abc' }],
    ['/events/0', { ...good, events: ['item'] }],
    ['/batch', { ...good, batch: 0 }],
    ['/inFlight', { ...good, inFlight: 100 }],
    ['/bacth', { ...good, bacth: 5 }],
    ['/id', { ...good, id: 'a b' }],
  ])('is refused at %s', (pointer, value) => {
    expect(checker.problems(value).map((problem) => problem.pointer)).toContain(pointer);
  });

  it.each([
    { url: 'https://crm.example.com/' },
    { url: 'https://10.0.0.5:8443/' },
    { url: 'http://127.0.0.1:3000/' },
    { url: 'http://localhost:3000/' },
    { url: 'http://[::1]:3000/' },
    { url: 'http://192.168.1.20/' },
    { url: 'http://crm.store.lan/', private: true },
    { url: 'http://crm.example.com/', insecure: true },
  ])('may point at %j', (target) => {
    expect(destinationProblems(target)).toEqual([]);
  });

  it.each([
    'https://user:hunter2@crm.example.com/',
    'https://user@crm.example.com/',
    'http://crm.example.com/',
    'http://8.8.8.8/',
    'https://169.254.169.254/latest',
    'https://[fe80::1]/',
    'https://0.0.0.0/',
    'https://[::]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ])('may not point at %s', (url) => {
    expect(destinationProblems({ url })).toMatchObject([{ pointer: '/url' }]);
    expect(JSON.stringify(destinationProblems({ url }))).not.toContain('hunter2');
    const deps = {
      store: outboxOnly(memoryOutbox(() => 0)),
      site: { id: 'x', gln: null },
      source: 'urn:x',
      clock: systemClock,
      log: silentLog,
      random: Math.random,
    };
    expect(() => createForwarder({ ...deps, destinations: [{ id: 'a', url, secret: 's' }] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});

describe('addresses', () => {
  it.each([
    '127.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    '127.0.1',
    '①②⑦.⓪.⓪.①',
    '[::ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
  ])('%s is an address of the own machine, however it is written', (spelling) => {
    const host = new URL(`http://${spelling}/`).hostname.replace(/^\[|\]$/g, '');
    expect(addressKind(host)).toBe('private');
  });

  const look = (answers: string[], rule: { public: boolean; private: boolean }, all = true) =>
    new Promise((resolve) => {
      const resolver: Parameters<typeof guardedLookup>[1] = (_host, _options, done) =>
        done(
          null,
          answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      guardedLookup(rule, resolver)('crm.example.com', { all }, (error, address) => resolve(error?.message ?? address));
    });

  it('every answer of a name is checked before one is used', async () => {
    const open = { public: true, private: false };
    expect(await look(['93.184.216.34'], open)).toEqual([{ address: '93.184.216.34', family: 4 }]);
    expect(await look(['93.184.216.34'], open, false)).toBe('93.184.216.34');
    expect(await look(['93.184.216.34', '10.0.0.1'], open)).toContain('private: true');
    expect(await look(['::1'], open)).toContain('own network');
    expect(await look(['169.254.169.254'], { public: true, private: true })).toContain('reserved');
    expect(await look(['10.0.0.1'], { public: false, private: true })).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(await look(['93.184.216.34'], { public: false, private: true })).toContain('http is not allowed');
    expect(await look([], open)).toContain('no address');
  });
});

describe('the events of a destination', () => {
  it('are what the patterns name, and everything without patterns', () => {
    const wants = (events?: string[]) =>
      ['item.sold', 'item.arrived', 'customer.identified'].filter(wantsOf(events === undefined ? {} : { events }));
    expect(wants()).toHaveLength(3);
    expect(wants(['*'])).toHaveLength(3);
    expect(wants(['item.*'])).toEqual(['item.sold', 'item.arrived']);
    expect(wants(['item.sold', 'customer.*'])).toEqual(['item.sold', 'customer.identified']);
  });
});
