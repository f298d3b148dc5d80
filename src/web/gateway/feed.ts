import { type ReadonlySignal, signal } from '@preact/signals';
import type { FeedEvent, Reads } from '../../contract/index.ts';

/** `waiting` = there was a feed, or should be, and nothing comes; `connecting` only before the first one. */
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

/** A stream of server-sent events, as the browser's `EventSource` is one. */
export type FeedSource = {
  readonly readyState: number;
  addEventListener(type: string, take: (event: { readonly data?: unknown }) => void): void;
  close(): void;
};

type Timer = { cancel(): void };

/** What the feed needs of the browser; times are epoch ms. */
export type FeedHost = {
  now(): number;
  /** Opens the stream; it reports by its events. */
  open(): FeedSource;
  after(ms: number, run: () => void): Timer;
  every(ms: number, run: () => void): Timer;
  random(): number;
};

/** The live feed of the gateway: one stream for the whole app, reopened for ever while wanted. */
export type Feed = {
  readonly state: ReadonlySignal<FeedState>;
  /** Epoch ms since when `state` holds; while `waiting`, when it last spoke. */
  readonly since: ReadonlySignal<number>;
  open(): void;
  close(): void;
  /** Judges at once whether it still speaks: after sleep, timers come late. */
  check(): void;
};

const gatherMs = 250;
/** The gateway speaks every second: after this much silence the picture is old. */
const quietMs = 5_000;
const checkMs = 1_000;
/** So long may a stream take to open before another is tried. */
const patienceMs = 10_000;
const maxWaitMs = 30_000;
const closedState = 2;

/** A feed that is not yet open. */
export function createFeed(host: FeedHost, handlers: FeedHandlers): Feed {
  const line = createLine(host);
  const stream = createStream(host, handlers, line);
  let watch: Timer | null = null;
  const lose = () => {
    handlers.doubt();
    line.lose();
  };
  const checkOpen = () => {
    if (line.silence() < quietMs) return;
    lose();
    stream.reopen();
  };
  const checkOpening = (age: number) => {
    // A first stream that does not open is as bad as one that falls silent.
    if (line.state.peek() === 'connecting' && age >= quietMs) lose();
    if (age >= patienceMs) stream.reopen();
  };
  const check = () => {
    const age = stream.age();
    if (age === null) return;
    if (line.state.peek() === 'open') checkOpen();
    else checkOpening(age);
  };
  const open = () => {
    if (watch !== null) return;
    watch = host.every(checkMs, check);
    line.enter('connecting');
    stream.open();
  };
  const close = () => {
    watch?.cancel();
    watch = null;
    stream.close();
    line.enter('off');
  };
  return { state: line.state, since: line.since, open, close, check };
}

type FeedLine = ReturnType<typeof createLine>;

/** What is known of the connection: its state, and when it last spoke. */
function createLine(host: FeedHost) {
  const state = signal<FeedState>('off');
  const since = signal(host.now());
  let heardAt = since.peek();
  const enter = (next: FeedState, at = host.now()) => {
    if (next === 'open') heardAt = at;
    if (state.peek() === next) return;
    state.value = next;
    since.value = at;
  };
  return {
    state: state as ReadonlySignal<FeedState>,
    since: since as ReadonlySignal<number>,
    enter,
    lose: () => enter('waiting', state.peek() === 'open' ? heardAt : host.now()),
    heard: () => {
      heardAt = host.now();
    },
    /** Ms since it spoke. A clock that was set back says nothing, so the whole jump counts. */
    silence: () => Math.abs(host.now() - heardAt),
  };
}

/** The stream in use, and the waiting for the next where the browser gave up. */
function createStream(host: FeedHost, handlers: FeedHandlers, line: FeedLine) {
  let source: FeedSource | null = null;
  let wait: Timer | null = null;
  let begunAt = 0;
  let attempts = 0;
  const failed = () => {
    handlers.doubt();
    line.lose();
    if (source?.readyState !== closedState) return;
    // Refused with a status: the browser gives up, so the waiting is ours.
    wait?.cancel();
    wait = host.after(Math.min(maxWaitMs, 1_000 * 2 ** attempts) * (0.5 + host.random() / 2), open);
    attempts += 1;
  };
  const opened = () => {
    // Our own reopening cannot name the last event it saw, so what lies between is loaded anew.
    if (attempts > 0) handlers.reset(false);
    attempts = 0;
    line.enter('open');
  };
  const stop = () => {
    wait?.cancel();
    wait = null;
    source?.close();
    source = null;
  };
  const open = () => {
    stop();
    begunAt = host.now();
    const next = host.open();
    source = next;
    // What an old stream still has to say is about an old connection.
    const ifCurrent = (take: () => void) => () => {
      if (source === next) take();
    };
    next.addEventListener('open', ifCurrent(opened));
    next.addEventListener('error', ifCurrent(failed));
    listen(host, next, handlers, ifCurrent(line.heard));
  };
  const reopen = () => {
    attempts = Math.max(1, attempts);
    open();
  };
  const close = () => {
    if (source !== null) attempts = 1;
    stop();
  };
  /** Ms since the stream in use was opened; null while there is none. */
  const age = () => (source === null || wait !== null ? null : Math.abs(host.now() - begunAt));
  return { open, reopen, close, age };
}

function listen(host: FeedHost, source: FeedSource, handlers: FeedHandlers, heard: () => void): void {
  let gathered: FeedEvent[] = [];
  const flush = () => {
    const events = gathered;
    gathered = [];
    handlers.items(events);
  };
  const takes: Readonly<Record<string, (data: string) => void>> = {
    item: (data) => {
      if (gathered.push(JSON.parse(data) as FeedEvent) === 1) host.after(gatherMs, flush);
    },
    reads: (data) => handlers.reads(JSON.parse(data) as Reads),
    status: () => handlers.status(),
    reset: () => handlers.reset(true),
  };
  for (const [type, take] of Object.entries(takes)) {
    source.addEventListener(type, ({ data }) => {
      heard();
      if (typeof data === 'string') take(data);
    });
  }
}
