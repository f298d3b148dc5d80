import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { keepSessions } from '../../../../src/api/access/kept-sessions.ts';
import { createSessions } from '../../../../src/api/access/sessions.ts';
import { createKey } from '../../../../src/api/index.ts';
import { openStore, type Store } from '../../../../src/journal/index.ts';
import { GatewayError, silentLog, textHash } from '../../../../src/kit/index.ts';
import { type ManualClock, manualClock } from '../../../fakes/manual-clock.ts';
import { createWorlds, t0 } from '../api-fixture.ts';

const world = createWorlds();
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const hour = 3_600_000;
const staff = { name: 'staff', scopes: ['stock:read'], keyHash: null, lasting: true } as const;

/** A store in a folder of its own, opened anew by `again`, as a restarted gateway does. */
function restarting(clock: ManualClock) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-sessions-'));
  folders.push(folder);
  const open = () => openStore({ folder, site: { id: 's' }, now: clock.now }, 'gateway');
  let store = open();
  return {
    folder,
    store: () => store,
    /** Of the tokens that are on disk. */
    hashes: () => store.sessions.all().map((row) => row.tokenHash),
    sessions: async () => {
      const kept = keepSessions(store, clock, silentLog);
      return createSessions(clock, kept, await kept.load());
    },
    again: async () => {
      await store.close();
      store = open();
    },
    close: () => store.close(),
  };
}

describe('a session', () => {
  it('is there after a restart, for what is left of its shift, and its token is nowhere on disk', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const token = await (await gateway.sessions()).open(staff);
    await gateway.again();
    const after = await gateway.sessions();
    expect(after.find(token)).toEqual({ ...staff, expiresAt: t0 + 12 * hour });
    clock.set(t0 + 12 * hour);
    expect(after.find(token)).toBeNull();
    expect(gateway.hashes()).toEqual([textHash(token)]);
    await gateway.close();
    const raw = new Database(join(gateway.folder, 'silentgate.db'), { readonly: true });
    expect(JSON.stringify(raw.prepare('SELECT * FROM sessions').all())).not.toContain(token);
    raw.close();
  });

  it('that was signed out is not there after a restart', async () => {
    const gateway = restarting(manualClock(t0));
    const sessions = await gateway.sessions();
    const [gone, left] = [await sessions.open(staff), await sessions.open(staff)];
    await sessions.close(gone);
    await gateway.again();
    const after = await gateway.sessions();
    expect([after.find(gone), after.find(left)?.name]).toEqual([null, 'staff']);
    await gateway.close();
  });

  it('with a right that only another version knows comes back without that right', async () => {
    const gateway = restarting(manualClock(t0));
    const token = await (await gateway.sessions()).open(staff);
    const tokenHash = textHash(token);
    const scopes = ['stock:read', 'moon:write'];
    await gateway.store().sessions.put({ tokenHash, name: 'staff', scopes, keyHash: null, expiresAt: t0 + hour });
    await gateway.again();
    expect((await gateway.sessions()).find(token)?.scopes).toEqual(['stock:read']);
    await gateway.close();
  });

  it('that has expired, or whose key was revoked, has no row after the next start', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const { id, key } = await createKey(gateway.store(), { name: 'k', scopes: ['stock:read'], now: t0 });
    const sessions = await gateway.sessions();
    await sessions.open(staff);
    clock.set(t0 + 11 * hour);
    await sessions.open({ ...staff, keyHash: textHash(key) });
    const left = await sessions.open(staff);
    await gateway.store().keys.revoke(id, clock.now());
    clock.set(t0 + 12 * hour);
    await gateway.again();
    await gateway.sessions();
    expect(gateway.hashes()).toEqual([textHash(left)]);
    await gateway.close();
  });

  it('that expires while the gateway runs loses its row within a minute', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const sessions = await gateway.sessions();
    await sessions.open(staff);
    clock.set(t0 + 12 * hour);
    await sessions.tend();
    expect(gateway.store().sessions.all()).toEqual([]);
    await gateway.close();
  });

  it('of a key that ends with the process ends with it', async () => {
    const gateway = restarting(manualClock(t0));
    const token = await (await gateway.sessions()).open({ ...staff, lasting: false });
    await gateway.again();
    expect((await gateway.sessions()).find(token)).toBeNull();
    await gateway.close();
  });

  it('does not last longer than a shift where the clock was set back meanwhile', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const token = await (await gateway.sessions()).open(staff);
    clock.set(t0 - 1000 * hour);
    await gateway.again();
    expect((await gateway.sessions()).find(token)?.expiresAt).toBe(t0 - 988 * hour);
    await gateway.close();
  });

  it('beyond a thousand ends the oldest of the key that has most, not of the others', async () => {
    const clock = manualClock(t0);
    const sessions = createSessions(clock);
    const quiet = await sessions.open({ ...staff, keyHash: 'quiet' });
    const opening = Array.from({ length: 1000 }, () => sessions.open({ ...staff, keyHash: 'greedy' }));
    const greedy = await Promise.all(opening);
    expect(sessions.find(quiet)?.keyHash).toBe('quiet');
    expect(sessions.find(greedy[0] ?? '')).toBeNull();
    expect(sessions.find(greedy[1] ?? '')?.keyHash).toBe('greedy');
  });
});

describe('a disk that is full', () => {
  /** A table that fails while `full`. */
  function failing(table: Store['sessions'], state: { full: boolean; writes: number }): Store['sessions'] {
    const write =
      <Given extends unknown[], Result>(work: (...given: Given) => Result) =>
      (...given: Given): Result => {
        state.writes += 1;
        if (state.full) throw new GatewayError('STORE_FULL', 'no room');
        return work(...given);
      };
    return { ...table, put: write(table.put), remove: write(table.remove), sweep: write(table.sweep) };
  }

  it('keeps nobody from signing in, in and out; what is owed is written when there is room', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const state = { full: false, writes: 0 };
    const sessions = createSessions(
      clock,
      keepSessions({ sessions: failing(gateway.store().sessions, state) }, clock, silentLog),
    );
    const before = await sessions.open(staff);
    state.full = true;
    const token = await sessions.open(staff);
    await sessions.close(before);
    expect([sessions.find(token)?.name, sessions.find(before)]).toEqual(['staff', null]);
    await sessions.tend();
    expect(gateway.hashes()).toEqual([textHash(before)]);
    state.full = false;
    await sessions.tend();
    expect(gateway.hashes()).toEqual([textHash(token)]);
    await gateway.close();
  });

  it('is not written to by looking a session up, nor by the passing of minutes', async () => {
    const clock = manualClock(t0);
    const gateway = restarting(clock);
    const state = { full: false, writes: 0 };
    const sessions = createSessions(
      clock,
      keepSessions({ sessions: failing(gateway.store().sessions, state) }, clock, silentLog),
    );
    const token = await sessions.open(staff);
    const before = state.writes;
    for (let n = 0; n < 100; n++) {
      sessions.find(token);
      await sessions.tend();
    }
    expect(state.writes).toBe(before);
    await gateway.close();
  });
});

it('over HTTP a cookie is good for a gateway that was started anew, until its key is revoked or it signs out', async () => {
  const w = await world();
  const { id, key } = await createKey(w.store, { name: 'staff', scopes: ['stock:read'], now: t0 });
  const signIn = async () => {
    const { headers } = await w.call('POST', '/api/v1/session', null, { key });
    return headers.get('set-cookie')?.split(';')[0] ?? '';
  };
  const [out, revoked] = [await signIn(), await signIn()];
  const second = await world({ store: w.store });
  // The cookie's name has the port in it, which a restarted gateway has again.
  const there = (cookie: string) => cookie.replace(/_\d+=/, `_${new URL(second.url).port}=`);
  const statusOf = async (cookie: string) =>
    (await second.call('GET', '/api/v1/session', null, undefined, { cookie: there(cookie) })).status;
  expect([await statusOf(out), await statusOf(revoked)]).toEqual([200, 200]);
  const left = await second.call('DELETE', '/api/v1/session', null, undefined, {
    cookie: there(out),
    'sec-fetch-site': 'same-origin',
  });
  expect(left.status).toBe(204);
  await w.store.keys.revoke(id, t0);
  expect([await statusOf(out), await statusOf(revoked)]).toEqual([401, 401]);
  expect(w.store.sessions.all()).toHaveLength(1);
});
