import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { batchId, eventText } from '../../../../src/followers/crm/message.ts';
import { createSigner } from '../../../../src/followers/crm/signature.ts';
import type { OutboxRow } from '../../../../src/journal/index.ts';

const now = Date.now();
const headersOf = (id: string, signature: string, at = now) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at / 1000)),
  'webhook-signature': signature,
});
const secretOf = (word: string) => `whsec_${Buffer.from(word.padEnd(24, '.')).toString('base64')}`;
const body = fc.json();
const id = fc.stringMatching(/^batch_[A-Za-z0-9_-]{27}$/);
const key = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);

describe('a signature', () => {
  it('is verified by the official library, whatever the body, and refused when one character differs', () => {
    fc.assert(
      fc.property(key, id, body, fc.nat(), (secret, batch, text, place) => {
        const webhook = new Webhook(secret);
        const headers = headersOf(batch, createSigner(secret)(batch, now, text));
        webhook.verify(text, headers);
        const at = place % text.length;
        const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
        expect(() => webhook.verify(flipped, headers)).toThrow();
        expect(() => webhook.verify(text, { ...headers, 'webhook-id': `${batch}x` })).toThrow();
        expect(() => webhook.verify(text, headersOf(batch, headers['webhook-signature'], now - 2_000))).toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  it('older than five minutes is refused by the official library', () => {
    const secret = secretOf('silentgate');
    const old = now - 301_000;
    const headers = headersOf('batch_1', createSigner(secret)('batch_1', old, '[]'), old);
    expect(() => new Webhook(secret).verify('[]', headers)).toThrow('too old');
  });

  it('is made with both secrets while one is being changed', () => {
    const [one, two] = [secretOf('old'), secretOf('new')];
    const headers = headersOf('batch_1', createSigner(`${two} ${one}`)('batch_1', now, '[]'));
    for (const secret of [one, two]) expect(new Webhook(secret).verify('[]', headers)).toEqual([]);
    expect(() => new Webhook(secretOf('other')).verify('[]', headers)).toThrow();
  });

  const good = secretOf('good');
  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['a plain text', '微感商務 secret'],
    ['no bytes', 'whsec_'],
    ['what is no base64', 'whsec_%%%'],
    ['base64 of a wrong length', `${good}A`],
    ['base64 for URLs', `whsec_${'-_-_'.repeat(8)}`],
    ['base64 without its padding', `whsec_${Buffer.alloc(25).toString('base64').replace('=', '')}`],
    ['23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['65 bytes', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['quotes', `"${good}"`],
    ['single quotes', `'${good}'`],
    ['a quote at the end', `${good}"`],
    ['the version of a signature', `v1,${good}`],
    ['a private key of the asymmetric scheme', good.replace('whsec_', 'whsk_')],
    ['a good one and a bad one', `${good} whsec_c2hvcnQ=`],
  ])('cannot be made with %s', (_what, secret) => {
    expect(() => createSigner(secret)).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }));
  });

  it('says of a secret of another kind what it has to begin with', () => {
    expect(() => createSigner('a plain text')).toThrow('does not begin with whsec_');
  });

  it.each([24, 64])('is made with a secret of %d bytes', (length) => {
    const secret = `whsec_${Buffer.alloc(length, 7).toString('base64')}`;
    const headers = headersOf('batch_1', createSigner(secret)('batch_1', now, '[]'));
    expect(new Webhook(secret).verify('[]', headers)).toEqual([]);
  });
});

describe('a message', () => {
  const row: OutboxRow = {
    ...{
      seq: 7,
      destination: 'main',
      eventId: 'e-7',
      type: 'item.sold',
      lane: 'urn:epc:raw:96.x1',
      at: now,
      attempts: 0,
    },
    data: '{"epcis":{"b":1.0,"a":1e2},"item":null,"customer":null}',
  };

  it('carries the frozen text as it is, byte by byte', () => {
    const text = eventText(row, 'urn:silentgate:s');
    expect(text).toContain(`"data":${row.data}}`);
    expect(JSON.parse(text)).toMatchObject({ id: 'e-7', subject: row.lane, specversion: '1.0' });
    expect(eventText({ ...row, attempts: 9, seq: 99, destination: 'other' }, 'urn:silentgate:s')).toBe(text);
  });

  it('has an id that follows from its events alone and holds no dot', () => {
    const other = { ...row, eventId: 'e-8' };
    expect(batchId([row, other])).toBe(batchId([{ ...row, attempts: 3 }, other]));
    expect(batchId([row, other])).not.toBe(batchId([other, row]));
    expect(batchId([row])).toMatch(/^batch_[A-Za-z0-9_-]+$/);
  });
});
