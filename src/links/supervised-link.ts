import { type Fault, failure, fault, faultOf, type GatewayError } from '../kit/index.ts';
import type { LinkDeps } from './deps.ts';
import type { ByteLink, ByteLinkEvents } from './link.ts';
import { createReopening } from './reopening.ts';

/** One opened channel; it is never reopened, the next attempt makes a new one. `close` never rejects. */
export type Channel = {
  write(bytes: Uint8Array): Promise<void>;
  /** True: reads nothing more, where the other side can wait. */
  hold(isHeld: boolean): void;
  close(): Promise<void>;
};

/** What a channel reports. Both may come late or twice: after the first `lost` the channel is forgotten. */
export type ChannelEvents = { chunk(bytes: Uint8Array): void; lost(fault: Fault): void };

/** Makes one channel or rejects with a GatewayError whose fault is for the technician; gives up when `signal` aborts. */
export type OpenChannel = (events: ChannelEvents, signal: AbortSignal) => Promise<Channel>;

const writeLimitMs = 5000;

type Attempt = {
  readonly abort: AbortController;
  channel: Channel | null;
  /** Resolves when the opening has ended, well or not. */
  settled: Promise<void>;
  /** How to reject each write that is under way. */
  readonly writing: Set<(error: GatewayError) => void>;
};

const newAttempt = (): Attempt => ({
  abort: new AbortController(),
  channel: null,
  settled: Promise.resolve(),
  writing: new Set(),
});

/**
 * A byte link that keeps one channel open: opens it, reopens it with backoff after each loss, and ignores whatever an
 * abandoned channel still reports. A write that the device does not take within 5 s counts as a loss.
 */
export function superviseLink(openChannel: OpenChannel, events: ByteLinkEvents, deps: LinkDeps): ByteLink {
  const reopening = createReopening(deps, attemptOnce);
  let current: Attempt | null = null;
  let isHeld = false;

  const abandon = async (attempt: Attempt): Promise<void> => {
    current = null;
    attempt.abort.abort();
    for (const reject of attempt.writing) reject(failure(fault('CHANNEL_LOST')));
    await (attempt.channel?.close() ?? attempt.settled);
  };
  const lose = (attempt: Attempt, what: Fault, isVerdict = false) => {
    if (attempt !== current) return;
    void abandon(attempt);
    reopening.failed(what, isVerdict);
    if (attempt.channel !== null) events.lost(what);
  };
  const opened = async (attempt: Attempt, channel: Channel): Promise<void> => {
    if (attempt !== current) return channel.close();
    attempt.channel = channel;
    if (isHeld) channel.hold(true);
    reopening.opened();
    events.opened();
  };
  function attemptOnce(): void {
    const attempt = newAttempt();
    current = attempt;
    const lost = (what: Fault) => lose(attempt, what);
    const chunk = (bytes: Uint8Array) => attempt === current && events.chunk(bytes, deps.clock.now());
    const opening = openChannel({ chunk, lost }, attempt.abort.signal);
    attempt.settled = opening.then(
      (channel) => opened(attempt, channel),
      (error: unknown) => lost(faultOf(error)),
    );
  }
  return {
    open: () => reopening.start(),
    write: (bytes) => writeWithin(current, bytes, deps, (attempt) => lose(attempt, fault('DEVICE_TAKES_NOTHING'))),
    hold: (held) => {
      isHeld = held;
      current?.channel?.hold(held);
    },
    giveUp: (reason) => void (current?.channel && lose(current, reason, true)),
    close: async () => {
      reopening.stopped();
      if (current !== null) await abandon(current);
    },
    state: () => reopening.state(),
  };
}

/** Writes within the time limit, else it is `stuck`; rejects at once when the channel is lost meanwhile, whatever the channel itself does. */
async function writeWithin(
  attempt: Attempt | null,
  bytes: Uint8Array,
  { clock }: LinkDeps,
  stuck: (attempt: Attempt) => void,
): Promise<void> {
  if (attempt === null || attempt.channel === null) throw failure(fault('CHANNEL_NOT_OPEN'));
  const { channel } = attempt;
  const limit = clock.after(writeLimitMs, () => stuck(attempt));
  await new Promise<void>((resolve, reject) => {
    attempt.writing.add(reject);
    const done = () => {
      attempt.writing.delete(reject);
      limit.cancel();
    };
    channel.write(bytes).finally(done).then(resolve, reject);
  });
}
