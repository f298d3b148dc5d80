import { type Clock, textHash } from '../../kit/index.ts';
import type { ReadMap } from '../profile/read-map.ts';
import type { Sink } from '../sink.ts';
import type { PushDoor, Pushed, PushedEffects } from '../types.ts';

/** Members that are told by their place; the rest is counted. */
const told = 100;
/** Bodies that are known again, the newest. */
const remembered = 1_000;
/** Who was not answered because the gateway ended asks again soon; until then equal times mean the same report. */
const afterStartMs = 10 * 60_000;

export type PushParts = {
  readonly payload: NonNullable<ReadMap['payload']>;
  readonly clock: Clock;
  readonly sink: Sink;
  /** Decodes a body into `sink` and hands its reads down the line; returns how many there were and what became of them. */
  take(body: Uint8Array, redelivered: boolean, sink: Sink): { readonly reads: number; readonly effects: PushedEffects };
};

const media: Readonly<Record<PushParts['payload'], readonly string[]>> = {
  json: ['application/json', 'application/x-ndjson'],
  csv: ['text/csv'],
  hex: ['application/octet-stream', 'text/csv'],
};

/**
 * Takes what a reader pushes. A body that came before is taken as a redelivery: its reports are known by the reader's own
 * times and running numbers. An empty body or array is a sign of life.
 */
export function createPushDoor({ payload, clock, sink, take }: PushParts): PushDoor {
  const knownUntil = clock.now() + afterStartMs;
  const known = createMemory();
  return {
    accepts: media[payload],
    take: (body) => {
      const hash = textHash(Buffer.from(body).toString('latin1'));
      const count = { events: 0, rejected: [] as Pushed['rejected'][number][], rejectedCount: 0 };
      const watching: Sink = {
        ...sink,
        event: (event) => {
          count.events += 1;
          sink.event(event);
        },
        bad: (code, bytes, index) => {
          count.rejectedCount += 1;
          if (count.rejected.length < told) count.rejected.push({ index, code });
          sink.bad(code, bytes, index);
        },
      };
      if (isEmpty(body)) {
        watching.event({ name: 'heartbeat', at: null, seq: null, online: true, detail: {} });
        sink.sign({ about: 'heartbeat' }, null);
      }
      const { reads, effects } = take(body, known.has(hash) || clock.now() < knownUntil, watching);
      known.add(hash);
      return { reads, ...count, effects };
    },
  };
}

function isEmpty(body: Uint8Array): boolean {
  return body.length < 20 && /^\s*(\[\s*\])?\s*$/.test(Buffer.from(body).toString('latin1'));
}

/** The newest hashes; the oldest makes room. */
function createMemory() {
  const hashes = new Set<string>();
  return {
    has: (hash: string) => hashes.has(hash),
    add: (hash: string) => {
      hashes.delete(hash);
      hashes.add(hash);
      const [oldest] = hashes;
      if (hashes.size > remembered && oldest !== undefined) hashes.delete(oldest);
    },
  };
}
