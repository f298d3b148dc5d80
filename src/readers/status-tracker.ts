import { type Clock, createCounters, sentenceOf } from '../kit/index.ts';
import type { LinkState } from '../links/index.ts';
import { hexOf, type ReaderEvent } from '../protocols/index.ts';
import type { ReadBatch } from '../tags/index.ts';
import type { ReaderStatus } from './status.ts';
import type { Supervise, Supervision, Watched } from './supervision.ts';
import type { Trouble } from './trouble.ts';

const SAMPLES = 10;
const SAMPLE_BYTES = 96;

/** Keeps what `ReaderStatus` shows; constant work per read. */
export type StatusTracker = Pick<
  Supervision,
  'offset' | 'sign' | 'heard' | 'lost' | 'lacks' | 'unreadable' | 'memory'
> & {
  /** Reads of one message or chunk, at least one. */
  reads(reads: ReadBatch): void;
  /** What the line made of `by` (default 1) of its reads; all but ARRIVED and GLIMPSED are counted as `reject` counts. */
  outcome(outcome: string, antenna: number | null, by?: number): void;
  /** Keeps a damaged input for the technician; it is counted by `reject`. */
  sample(reason: string, bytes: Uint8Array): void;
  reject(reason: string, by: number): void;
  warn(code: string, by: number): void;
  event(event: ReaderEvent): void;
  identify(text: string): void;
  /** Tells the technician what the session is at. */
  say(text: string): void;
  /** The reader takes inventory, or is listened to; `text` says so. */
  started(text: string): void;
  /** It sends, and answers nothing; `text` says so. */
  onlySends(text: string): void;
  /** Somebody asked that it rests; `text` says so. */
  halted(text: string): void;
  /** It could not be set up, and will be tried again. */
  failed(trouble: Trouble): void;
  status(link: LinkState & { address: string }): ReaderStatus;
};

/** `supervise` gives who watches the reader. */
export function createStatusTracker(watched: Watched, supervise: Supervise, clock: Clock): StatusTracker {
  const { id, profile } = watched.config;
  const { reads, outcome, look, started, onlySends, halted, failed, ...supervision } = supervise(watched, clock);
  const counts = createCounts(clock);
  const told = { identity: null as string | null, lastEvent: null as string | null, online: null as boolean | null };
  const total = { reads: 0, lastReadAt: null as number | null };
  const tell = (news: Partial<typeof told>) => void Object.assign(told, news);
  const tellThen = (run: () => void) => (lastEvent: string) => {
    tell({ lastEvent });
    run();
  };
  const warn = (code: string, by: number) => {
    counts.warn(code, by);
    supervision.warned(code);
  };
  return {
    ...supervision,
    reads: (batch) => {
      reads(batch);
      total.reads += batch.size;
      total.lastReadAt = batch.receivedAt;
      // Messages come in order: who reads after saying goodbye is back.
      told.online = told.online === false ? true : told.online;
    },
    outcome: counts.outcomes(outcome),
    ...counts.kept,
    warn,
    event: (event) => tell({ lastEvent: describe(event), online: event.online ?? told.online }),
    identify: (identity) => tell({ identity }),
    say: (lastEvent) => tell({ lastEvent }),
    started: tellThen(started),
    onlySends: tellThen(onlySends),
    halted: tellThen(halted),
    failed: (trouble) => {
      warn(trouble.code, 1);
      tellThen(() => failed(trouble))(sentenceOf(trouble.fault));
    },
    status: (link) => {
      const shown = counts.shown();
      const looked = look({ link, online: told.online, ...total, ...shown });
      return { id, profile, link, ...told, ...total, ...shown, ...looked };
    },
  };
}

function createCounts(clock: Clock) {
  const rejected = createCounters();
  const warnings = createCounters();
  const samples: ReaderStatus['samples'][number][] = [];
  return {
    kept: {
      reject: (reason: string, by: number) => rejected.add(reason, by),
      sample: (reason: string, bytes: Uint8Array) => {
        if (samples.length < SAMPLES) {
          samples.push({ reason, at: clock.now(), hex: hexOf(bytes.subarray(0, SAMPLE_BYTES)) });
        }
      },
    },
    outcomes:
      (told: Supervision['outcome']) =>
      (outcome: string, antenna: number | null, by = 1) => {
        told(outcome, antenna, by);
        if (outcome !== 'ARRIVED' && outcome !== 'GLIMPSED') rejected.add(outcome, by);
      },
    warn: (code: string, by: number) => warnings.add(code, by),
    shown: () => ({ rejected: rejected.all(), warnings: warnings.all(), samples: [...samples] }),
  };
}

/** `inventoryStatus: status running`, cut short. */
function describe({ name, detail }: ReaderEvent): string {
  const scalars = Object.entries(detail).filter(([, value]) => typeof value !== 'object');
  const text = scalars.map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return (text === '' ? name : `${name}: ${text}`).slice(0, 160);
}
