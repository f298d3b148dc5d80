import { bytesHash, type Clock, GatewayError } from '../../kit/index.ts';
import type { ReadMap, Sink } from '../../protocols/index.ts';
import type { ReadBatch } from '../../tags/index.ts';
import { LATEST_AHEAD_MS } from '../intake.ts';
import type { Pressure, PushDoor, Pushed, PushedEffects } from '../types.ts';

/** Members that are told by their place; the rest is counted. */
const told = 100;
/** Bodies that are known again, the newest. */
const remembered = 1_000;
/** Bodies of one reader that may wait for the disk, and their bytes: who sends more is asked to wait. */
const mostBodies = 32;
const mostBytes = 32 * 1024 * 1024;
/** Who was not answered because the gateway ended asks again soon; until then what may be of before is taken as a redelivery. */
const afterStartMs = 10 * 60_000;

export type PushParts = {
  readonly payload: NonNullable<ReadMap['payload']>;
  readonly clock: Clock;
  readonly pressure?: Pressure;
  readonly sink: Sink;
  /** Decodes a body into `sink` and hands its reads down the line. */
  take(body: Uint8Array, again: ComesAgain, sink: Sink): Promise<Taken & { readonly effects: PushedEffects }>;
  refused(size: number, limit: number): void;
};

/** Whether the reads of a body may have been taken before. */
export type ComesAgain = (reads: ReadBatch) => boolean;

/** How many reads a message had, and how many of its members were understood, whatever they were. */
export type Taken = { readonly reads: number; readonly understood: number };

const media: Readonly<Record<PushParts['payload'], readonly string[]>> = {
  json: ['application/json', 'application/x-ndjson'],
  csv: ['text/csv'],
  hex: ['application/octet-stream', 'text/csv'],
  form: ['application/x-www-form-urlencoded', 'application/json'],
};

/** What each code means of a member, where nothing more is known. */
const meanings: Readonly<Record<string, string>> = {
  BAD_JSON: 'it is no JSON',
  NOT_OBJECT: 'it is no JSON object',
  UNKNOWN_SHAPE: 'the reader’s profile knows no message of this shape',
  NO_ID: 'no EPC, TID or UID stands where the profile or map looks for it',
  BAD_EPC_HEX: 'its id is not hex of whole bytes, or longer than 496 bits',
  FASTID_TOO_SHORT: 'it says that a TID follows the EPC, but has no digits for both',
  TOO_LARGE: 'it is too large',
};

/** Codes of what is not even of the right form: a body of nothing else cannot be read. */
const unreadable: ReadonlySet<string> = new Set(['BAD_JSON', 'NO_COLUMN', 'TOO_LARGE']);

/**
 * Takes what a reader pushes. A body that came before is taken as a redelivery: its reports are known by the reader's own
 * times and running numbers. An empty body or array is a sign of life.
 */
export function createPushDoor({ payload, clock, pressure = () => null, sink, take, refused }: PushParts): PushDoor {
  const openedAt = clock.now();
  const isOfBefore: ComesAgain = (reads) =>
    clock.now() < openedAt + afterStartMs && isAnyUntil(reads, openedAt + LATEST_AHEAD_MS);
  const known = createMemory();
  const crowd = createCrowd(pressure);
  return {
    accepts: media[payload],
    refused,
    take: async (body) => {
      const leave = crowd.enter(body.length);
      const hash = bytesHash(body);
      const count = { events: 0, rejected: [] as Pushed['rejected'][number][], rejectedCount: 0 };
      let couldRead = false;
      const watching: Sink = {
        ...sink,
        event: (event) => {
          count.events += 1;
          sink.event(event);
        },
        bad: (code, bytes, index, why) => {
          count.rejectedCount += 1;
          couldRead ||= !unreadable.has(code);
          const reason = why ?? meanings[code] ?? code;
          if (count.rejected.length < told) count.rejected.push({ index, code, reason });
          sink.bad(code, bytes, index);
        },
      };
      if (isEmpty(body)) {
        watching.event({ name: 'heartbeat', at: null, seq: null, online: true, detail: {} });
        sink.sign({ about: 'heartbeat' }, null);
      }
      const { reads, understood, effects } = await known.during(hash, (isKnown) =>
        take(body, isKnown ? always : isOfBefore, watching).finally(leave),
      );
      const readable = couldRead || understood > 0 || count.rejectedCount === 0;
      return { reads, ...count, effects, readable };
    },
  };
}

const always: ComesAgain = () => true;

/** Whether any read is of then or before: what a gateway of before had taken was no further ahead of its end. */
function isAnyUntil({ at, size }: ReadBatch, then: number): boolean {
  for (let row = 0; row < size; row++) if ((at[row] ?? 0) <= then) return true;
  return false;
}

/** Who waits for the disk; under pressure one body of a reader may. */
function createCrowd(pressure: Pressure) {
  const waiting = { bodies: 0, bytes: 0 };
  return {
    /** Throws OVERLOADED. What it gives is called when the body has gone. */
    enter: (bytes: number): (() => void) => {
      const isFull =
        waiting.bodies >= (pressure() === null ? mostBodies : 1) ||
        (waiting.bodies > 0 && waiting.bytes + bytes > mostBytes);
      if (isFull) throw new GatewayError('OVERLOADED', 'The disk is behind: send this again in a few seconds.');
      waiting.bodies += 1;
      waiting.bytes += bytes;
      return () => {
        waiting.bodies -= 1;
        waiting.bytes -= bytes;
      };
    },
  };
}

function isEmpty(body: Uint8Array): boolean {
  return body.length < 20 && /^(\[\s*\])?$/.test(Buffer.from(body).toString('latin1').trim());
}

/** The newest hashes; the oldest makes room. */
function createMemory() {
  const hashes = new Set<string>();
  const add = (hash: string) => {
    hashes.delete(hash);
    hashes.add(hash);
    const [oldest] = hashes;
    if (hashes.size > remembered && oldest !== undefined) hashes.delete(oldest);
  };
  return {
    /** Known from the beginning of the work on: its sender may lose patience and send it again. Forgotten where nothing of it was taken. */
    during: async <T>(hash: string, work: (isKnown: boolean) => Promise<T>): Promise<T> => {
      const isKnown = hashes.has(hash);
      add(hash);
      try {
        return await work(isKnown);
      } catch (error) {
        // Where there was no room for all of it the rest had its effect.
        const isPartlyTaken = error instanceof GatewayError && error.code === 'PRESENCE_FULL';
        if (!isKnown && !isPartlyTaken) hashes.delete(hash);
        throw error;
      }
    },
  };
}
