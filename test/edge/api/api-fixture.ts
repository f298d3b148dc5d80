import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type ApiDeps, createKey, createLiveFeed, type Scope, startApi } from '../../../src/api/index.ts';
import type { DestinationStatus } from '../../../src/followers/index.ts';
import { live as liveFollower } from '../../../src/followers/live.ts';
import type { ItemEvent, ItemInput } from '../../../src/inventory/index.ts';
import { openStore, type Store } from '../../../src/journal/index.ts';
import { type Log, silentLog } from '../../../src/kit/index.ts';
import type { ReadPoint } from '../../../src/presence/index.ts';
import type { CommandResult, ReaderCommand, ReaderStatus } from '../../../src/readers/index.ts';
import { standardTags } from '../../../src/tags/index.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';

export const t0 = Date.parse('2026-11-21T09:00:00Z');

export const points: ReadPoint[] = [
  point('dock-in', 'back', 'back-room', 'portal'),
  point('shelf-1', 'floor', 'sales-floor', 'shelf'),
];

function point(
  id: string,
  location: string,
  locationKind: ReadPoint['locationKind'],
  kind: ReadPoint['kind'],
): ReadPoint {
  return { id, location, locationKind, kind, bizStep: null, minRssi: null, departAfterMs: null };
}

export const reader: ReaderStatus = {
  id: 'desk-1',
  profile: 'magicrf/m100',
  link: { state: 'open', since: t0 - 1000, error: null, fault: null, address: '/dev/ttyUSB0' },
  lastError: null,
  online: null,
  reachable: true,
  session: { state: 'running', since: t0 - 1000, problem: null, fault: null },
  identity: 'M100 26dBm V1.0',
  lastReadAt: t0 - 500,
  reads: 42,
  antennas: [
    {
      antenna: 1,
      readPoint: 'shelf-1',
      reads: 42,
      rate: 4.2,
      lastReadAt: t0 - 500,
      baseline: null,
      health: 'learning',
    },
  ],
  rejected: { FRAME_CHECKSUM: 1 },
  warnings: {},
  samples: [{ reason: 'FRAME_CHECKSUM', at: t0 - 900, hex: 'BB02' }],
  clockOffsetMs: null,
  missing: 0,
  lastEvent: null,
  findings: [
    {
      code: 'READER_OK',
      state: 'ok',
      params: { reader: 'desk-1' },
      faults: [],
      text: 'Reader desk-1 is connected and reads.',
      next: null,
    },
  ],
};

export const destination: DestinationStatus = {
  id: 'main',
  url: 'https://crm.example.com/hooks',
  state: 'ok',
  waiting: 0,
  oldestWaitingAt: null,
  dead: 0,
  delivered: 3,
  failures: 0,
  nextAttemptAt: null,
  lastError: null,
  lastFault: null,
  lastSuccessAt: t0,
  since: t0,
};

export type World = {
  readonly deps: ApiDeps;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly url: string;
  readonly signInLink: () => string;
  /** Says that something was committed, as the line does. */
  readonly wake: () => void;
  readonly inputs: ItemInput[];
  /** What readers were asked for. */
  readonly commands: ReaderCommand[];
  readonly logged: { message: string; fields: Record<string, unknown> }[];
  /** Mutable: what the gateway's other parts say at the moment. */
  readonly now: {
    readers: ReaderStatus[];
    destinations: DestinationStatus[];
    inputEvents: ItemEvent[];
    refusal: string | null;
  };
  key(...scopes: Scope[]): Promise<string>;
  /** A request with a JSON body; `key` null = anonymous. */
  call(
    method: string,
    path: string,
    key: string | null,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
};

export type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown> };

/** Worlds with a real database and a listening server each, gone after the test. */
export function createWorlds(): (more?: Partial<ApiDeps>) => Promise<World> {
  const open: World[] = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });
  return async (more = {}) => {
    const world = await startWorld(more);
    open.push(world);
    return world;
  };
}

/** The parts the API stands on: a real store, hand-moved time, and everything else as plain values. */
export function worldParts(more: Partial<ApiDeps> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-api-'));
  const clock = manualClock(t0);
  const store = openStore(
    {
      folder,
      site: { id: 'taipei-xinyi' },
      now: clock.now,
    },
    'gateway',
  );
  const now: World['now'] = { readers: [reader], destinations: [destination], inputEvents: [], refusal: null };
  const inputs: ItemInput[] = [];
  const commands: ReaderCommand[] = [];
  const logged: World['logged'] = [];
  const log: Log = { ...silentLog, error: (fields, message) => void logged.push({ fields, message }) };
  const live = createLiveFeed({
    clock,
    store,
    tags: standardTags,
    readPointOf: (_reader, antenna) => (antenna === 1 ? 'shelf-1' : null),
    readers: () => now.readers,
    destinations: () => now.destinations,
  });
  const following = liveFollower.open({ facts: store, live, clock, log });
  const deps: ApiDeps = {
    http: { host: '127.0.0.1', port: 0 },
    site: { id: 'taipei-xinyi', name: '台北信義店', gln: null },
    locations: [
      { id: 'store', kind: 'sales-floor', name: '全店', parent: null },
      { id: 'back', kind: 'back-room', name: '倉庫', parent: 'store' },
      { id: 'floor', kind: 'sales-floor', name: '賣場', parent: 'store' },
    ],
    readPoints: points,
    store,
    tags: standardTags,
    readers: {
      list: () => now.readers,
      get: (id) => now.readers.find((r) => r.id === id) ?? null,
      command: (id, command) => {
        if (!now.readers.some((r) => r.id === id)) return null;
        commands.push(command);
        return Promise.resolve(resultOf(id, command));
      },
      push: () => null,
    },
    destinations: {
      status: () => now.destinations,
      enable: async (id) => {
        now.destinations = now.destinations.map((d) => (d.id === id ? { ...d, state: 'ok' } : d));
      },
      resend: (id, seqs) => store.outbox.resend(id, seqs),
    },
    inputs: async (given) => {
      inputs.push(...given);
      return given.map(() =>
        now.refusal === null
          ? { ok: true, events: now.inputEvents }
          : { ok: false, reason: now.refusal, about: 'input', allowed: ['receive'] },
      );
    },
    presence: { lastSeen: () => null, presentAt: () => ({ 'shelf-1': 2 }) },
    live,
    clock,
    log,
    webRoot: null,
    version: '0.0.0-test',
    ...more,
  };
  const clean = async () => {
    await following.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { deps, store, clock, now, inputs, commands, logged, wake: following.wake, clean };
}

function resultOf(reader: string, { command }: ReaderCommand): CommandResult {
  const nothing = { error: null, steps: [], epc: null, tid: null, data: null, fields: {} };
  return { ...nothing, command, reader, outcome: 'done', message: 'Done.' };
}

async function startWorld(more: Partial<ApiDeps>): Promise<World> {
  const { clean, ...parts } = worldParts(more);
  const api = await startApi(parts.deps);
  return {
    ...parts,
    url: api.url,
    signInLink: api.signInLink,
    key: async (...scopes) => (await createKey(parts.store, { name: 'test', scopes, now: t0 })).key,
    call: (method, path, key, body, headers = {}) => call(api.url, method, path, key, body, headers),
    close: async () => {
      await api.close();
      await clean();
    },
  };
}

async function call(
  url: string,
  method: string,
  path: string,
  key: string | null,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const auth = key === null ? {} : { authorization: `Bearer ${key}` };
  const type = body === undefined || 'content-type' in headers ? {} : { 'content-type': 'application/json' };
  const sent =
    body === undefined
      ? {}
      : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { method, headers: { ...auth, ...type, ...headers }, ...sent });
  const text = await response.text();
  const json = text !== '' && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, json };
}
