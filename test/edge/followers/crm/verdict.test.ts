import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, judge, plain, retryAt } from '../../../../src/followers/crm/verdict.ts';
import { said } from '../../../../src/kit/index.ts';

const now = Date.parse('2026-11-21T09:00:00Z');
const answer = (status: number, retryAfter: string | null = null): Answer => ({
  kind: 'status',
  ...{ status, retryAfter, location: null, text: '' },
});

describe('an answer', () => {
  it.each([
    [200, 'delivered', 'delivered'],
    [204, 'delivered', 'delivered'],
    [301, 'denied', 'denied'],
    [400, 'refused', 'refused'],
    [401, 'denied', 'denied'],
    [403, 'denied', 'denied'],
    [404, 'refused', 'refused'],
    [408, 'failed', 'failed'],
    [409, 'delivered', 'refused'],
    [410, 'gone', 'gone'],
    [413, 'refused', 'refused'],
    [422, 'refused', 'refused'],
    [425, 'failed', 'failed'],
    [429, 'unreachable', 'unreachable'],
    [500, 'failed', 'failed'],
    [503, 'failed', 'failed'],
  ])('of %i to one event is %s, to several %s', (status, one, several) => {
    expect(judge(answer(status), 1, now).kind).toBe(one);
    expect(judge(answer(status), 2, now).kind).toBe(several);
  });

  it('that never came is about the event only when the receiver may have seen it', () => {
    expect(judge({ kind: 'error', reached: true, fault: said('') }, 1, now).kind).toBe('failed');
    expect(judge({ kind: 'error', reached: false, fault: said('') }, 1, now).kind).toBe('unreachable');
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', now],
    [' 120 ', now + 120_000],
    ['Sat, 21 Nov 2026 09:05:00 GMT', now + 300_000],
    ['Sat, 21 Nov 2026 08:00:00 GMT', now],
    ['99999999', now + 7 * 86_400_000],
    ['99999999999999', now + 7 * 86_400_000],
    ['9'.repeat(400), now + 7 * 86_400_000],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j is understood', (header, at) => {
    expect(retryAt(header, now)).toBe(at);
  });

  it('never leads into the past or beyond seven days', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const at = retryAt(header, now);
        expect(at === null || (at >= now && at <= now + 7 * 86_400_000)).toBe(true);
      }),
    );
  });
});

it('foreign text becomes one short line without control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
      const line = plain(text);
      expect(line.length).toBeLessThanOrEqual(200);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\n]/u);
    }),
  );
});
