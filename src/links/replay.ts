import { type Fault, fault, faultOf, GatewayError, pause, said } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import { type ByteLink, type ByteLinkEvents, type LinkMessage, type LinkState, linkState } from './link.ts';
import { type RecordedEvent, type Recording, readRecording } from './recording.ts';

/** Who gets what a recording holds. */
export type ReplayEvents = ByteLinkEvents & {
  /** The next event waits for its promise; a GatewayError ends the replay. */
  message?(message: LinkMessage): Promise<void>;
  /** The recording is at its end; `error` is a sentence when it broke off at a bad line. */
  ended?(error: string | null): void;
};

export type ReplayOptions = {
  /** 1 = as it was, 10 = ten times as fast, Infinity = without waiting. */
  readonly speed: number;
  /** `recorded`: events carry the time at which they happened (the default). `now`: the time at which they are replayed. */
  readonly times?: 'recorded' | 'now';
};

/** Events that are given without a pause before the rest of the process gets a turn. */
const turn = 100;

/**
 * A link that plays a recording once and then stays open and silent, as a quiet reader does. A bad line ends it with a
 * plain error that names the line; what came before it was played. Writes are taken and go nowhere. Throws CONFIG_INVALID
 * for a speed that is not above 0.
 */
export function openReplay(file: string, options: ReplayOptions, events: ReplayEvents, deps: LinkDeps): ByteLink {
  const { clock } = deps;
  if (!(options.speed > 0)) throw new GatewayError('CONFIG_INVALID', 'The speed of a replay is a number above 0.');
  const stop = new AbortController();
  const gate = createGate(stop.signal);
  let state = linkState('closed', clock.now());
  let playing: Promise<void> = Promise.resolve();
  const enter = (next: LinkState['state'], what: Fault | null = null) => {
    state = linkState(next, clock.now(), what);
  };
  const play = async () => {
    try {
      const recording = await readRecording(file);
      if (stop.signal.aborted) return;
      enter('open');
      events.opened();
      await playEvents(recording, options, events, deps, { stop: stop.signal, gate });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (stop.signal.aborted) return;
      enter('closed', faultOf(error));
      events.lost(faultOf(error));
      return events.ended?.(error.message);
    }
    if (!stop.signal.aborted) events.ended?.(null);
  };
  return {
    open: () => {
      if (state.state !== 'closed' || stop.signal.aborted) return;
      enter('opening');
      playing = play();
    },
    write: async () => {
      if (state.state !== 'open') throw new GatewayError('LINK_LOST', 'The recording is not being played.');
    },
    hold: gate.hold,
    giveUp: (reason) => {
      if (state.state !== 'open') return;
      stop.abort();
      enter('closed', reason);
      events.lost(reason);
    },
    close: async () => {
      stop.abort();
      enter('closed');
      await playing;
    },
    state: () => state,
  };
}

async function playEvents(
  recording: Recording,
  { speed, times = 'recorded' }: ReplayOptions,
  events: ReplayEvents,
  { clock }: LinkDeps,
  { stop, gate }: { readonly stop: AbortSignal; readonly gate: Gate },
): Promise<void> {
  const began = clock.now();
  let index = 0;
  for await (const event of recording.events) {
    const wait = Math.ceil(began + event.t / speed - clock.now());
    if (wait > 0) await pause(clock, wait, stop);
    else if (index % turn === 0) await nextTurn();
    await gate.passed();
    if (stop.aborted) return;
    const at = times === 'now' ? clock.now() : recording.header.startedAt + event.t;
    // A first opening is the replay's own and has been told already.
    if (index > 0 || !isOpening(event)) await give(event, at, events);
    index += 1;
  }
}

type Gate = ReturnType<typeof createGate>;

/** Lets pass while it is not held, and once `stop` aborts. */
function createGate(stop: AbortSignal) {
  let open: Promise<void> | null = null;
  let release: () => void = () => undefined;
  stop.addEventListener('abort', () => release(), { once: true });
  return {
    passed: () => open,
    hold: (isHeld: boolean): void => {
      if (isHeld && open === null) {
        open = new Promise((resolve) => {
          release = resolve;
        });
      } else if (!isHeld) {
        open = null;
        release();
      }
    },
  };
}

const isOpening = (event: RecordedEvent): boolean => 'event' in event && event.event === 'opened';
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function give(event: RecordedEvent, at: number, events: ReplayEvents): Promise<void> {
  if ('topic' in event) {
    const { topic, retained, redelivered } = event;
    await events.message?.({ topic, payload: Buffer.from(event.payload, 'hex'), retained, redelivered, at });
  } else if ('event' in event) {
    if (event.event === 'opened') events.opened();
    else events.lost(event.error === undefined ? fault('RECORDED_LOSS') : said(event.error));
  } else if (event.dir === 'in') {
    events.chunk(Buffer.from(event.hex, 'hex'), at);
  }
}
