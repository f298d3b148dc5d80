import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FeedEvent, Reads } from './types.ts';

export type FeedState = 'off' | 'connecting' | 'open' | 'waiting';

export type FeedHandlers = {
  /** Item events since the last call, oldest first; gathered, so that a burst is one repaint. */
  readonly items: (events: readonly FeedEvent[]) => void;
  readonly reads: (reads: Reads) => void;
  readonly status: () => void;
  /** Messages were lost, or may have been: whatever was built from them must be loaded anew. `told` = by the gateway. */
  readonly reset: (told: boolean) => void;
  /** The feed failed or has been quiet for long: a lost Wi-Fi leaves a connection open and dead. */
  readonly doubt: () => void;
};

/** The live feed of the gateway: one EventSource for the whole app, reopened for ever while wanted. */
export type Feed = {
  readonly state: ReadonlySignal<FeedState>;
  /** Epoch ms since when `state` holds. */
  readonly since: ReadonlySignal<number>;
  open(): void;
  close(): void;
};

const gatherMs = 250;
const quietMs = 30_000;
const maxWaitMs = 30_000;

/** A feed that is not yet open. */
export function createFeed(handlers: FeedHandlers): Feed {
  const { state, since, enter } = createState();
  const heard = { at: 0 };
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;
  let attempts = 0;

  const failed = () => {
    handlers.doubt();
    if (source?.readyState !== EventSource.CLOSED) return enter('connecting');
    // Refused with a status: the browser gives up, so the waiting is ours.
    enter('waiting');
    timer = setTimeout(connect, Math.min(maxWaitMs, 1_000 * 2 ** attempts) * (0.5 + Math.random() / 2));
    attempts += 1;
  };
  const opened = () => {
    // Our own reopening cannot name the last event it saw, so what lies between is loaded anew.
    if (attempts > 0) handlers.reset(false);
    attempts = 0;
    heard.at = Date.now();
    enter('open');
  };
  const connect = () => {
    enter('connecting');
    source?.close();
    source = new EventSource('/api/v1/events');
    source.addEventListener('open', opened);
    source.addEventListener('error', failed);
    listen(source, handlers, heard);
  };
  const check = () => {
    if (state.value !== 'open' || Date.now() - heard.at < quietMs) return;
    heard.at = Date.now();
    handlers.doubt();
  };
  const open = () => {
    if (source !== null) return;
    watch = setInterval(check, quietMs / 3);
    connect();
  };
  const close = () => {
    clearTimeout(timer);
    clearInterval(watch);
    if (source !== null) attempts = 1;
    source?.close();
    source = null;
    enter('off');
  };
  return { state, since, open, close };
}

function createState(): { state: Signal<FeedState>; since: Signal<number>; enter: (next: FeedState) => void } {
  const state = signal<FeedState>('off');
  const since = signal(Date.now());
  const enter = (next: FeedState) => {
    if (state.peek() === next) return;
    state.value = next;
    since.value = Date.now();
  };
  return { state, since, enter };
}

function listen(source: EventSource, handlers: FeedHandlers, heard: { at: number }): void {
  let gathered: FeedEvent[] = [];
  const flush = () => {
    const events = gathered;
    gathered = [];
    handlers.items(events);
  };
  const takes: Readonly<Record<string, (data: string) => void>> = {
    item: (data) => {
      if (gathered.push(JSON.parse(data) as FeedEvent) === 1) setTimeout(flush, gatherMs);
    },
    reads: (data) => handlers.reads(JSON.parse(data) as Reads),
    status: () => handlers.status(),
    reset: () => handlers.reset(true),
  };
  for (const [type, take] of Object.entries(takes)) {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      heard.at = Date.now();
      take(event.data);
    });
  }
}
