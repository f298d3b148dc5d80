import { type Clock, createZone, GatewayError, type Log, type Secret } from '../../kit/index.ts';
import type { LinkMessage } from '../../links/index.ts';
import {
  type AssumedZone,
  compileMessageDecoder,
  type MessageDecoder,
  type MessageProfile,
  readMapOf,
} from '../../protocols/index.ts';
import type { ReadBatch } from '../../tags/index.ts';
import { createRunner } from '../commands/run.ts';
import { type Batch, createIntake, type Intake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { ReaderMemory } from '../reader-memory.ts';
import { createStatusTracker, type StatusTracker } from '../status-tracker.ts';
import type { Supervise } from '../supervision.ts';
import type { OnReads, Pressure, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { messageProblemOf } from './control/limits.ts';
import { type MessageControl, openMessageControl } from './control/open.ts';
import { createSetUp } from './control/set-up.ts';
import type { MessageSource } from './message-source.ts';
import { type ComesAgain, createPushDoor, type Taken } from './push.ts';
import { createPushTally } from './push-tally.ts';
import { createTurns } from './turns.ts';

export type MessageReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  readonly source: MessageSource;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives [0, 1). */
  readonly random: () => number;
  secret?(secret: Secret): string;
  /** The site's, an IANA name. */
  readonly siteZone?: string | null;
  readonly supervise: Supervise;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

/**
 * A reader that publishes messages. What `onReads` rejects with passes to the connection, which then does not acknowledge
 * the message; nothing of it is counted, because it comes again.
 */
export function openMessageReader(deps: MessageReaderDeps): Reader {
  const { config, profile, source, log } = deps;
  const tracker = createStatusTracker(watchedOf(deps), deps.supervise, deps.clock);
  const status = () => tracker.status({ ...source.state(), address: source.address });
  const commanded = openMessageControl({
    ...deps,
    tracker,
    channel: source.channel,
    isReachable: () => status().reachable,
  });
  const { control } = commanded;
  const command = createRunner({ reader: config.id, control, log, problemOf: messageProblemOf(profile) });
  const setUp = createSetUp({ ...deps, tracker, isReady: () => control.unready() === null, command });
  const turns = createTurns(deps.pressure);
  const { take, takeStatus, push, count, decided, end } = listen(turns.beside(deps), tracker, commanded, setUp.heard);
  return {
    id: config.id,
    ...(config.link.http === undefined ? {} : { push }),
    start: () => {
      tracker.started('listening');
      source.start(turns.inOrder(take), takeStatus);
      setUp.start();
      log.debug({ address: source.address }, 'reader listens');
    },
    stop: async () => {
      end();
      setUp.stop();
      await commanded.close();
      await source.stop();
    },
    status,
    ...trackedBy(tracker),
    count,
    decided,
    command,
  };
}

/** Whose clocks the reader's times show where they do not say it: its own place's, else the site's. */
function zoneOf({ config: { timeZone }, siteZone = null }: MessageReaderDeps): AssumedZone | null {
  if (timeZone !== undefined) return { zone: createZone(timeZone), isAssumed: false };
  return siteZone === null ? null : { zone: createZone(siteZone), isAssumed: true };
}

type Oversize = NonNullable<LinkMessage['oversize']>;

/** Counts it and goes on: a message that can never be taken must not come for ever. */
function tooLarge(tracker: StatusTracker, { size, limit }: Oversize): Taken {
  tracker.reject('TOO_LARGE', 1);
  tracker.sign({ about: 'remark', code: 'READER_TOO_LARGE', params: { size, limit } }, null);
  tracker.say(`a message of ${size} bytes is over the limit of ${limit}`);
  return { reads: 0, understood: 0 };
}

/** Takes note that something came. What the broker kept from before says nothing of now. */
function createPulse(tracker: StatusTracker, heard: () => void): (isRetained: boolean) => void {
  return (isRetained) => {
    if (isRetained) return;
    tracker.heard();
    heard();
  };
}

const pushed = (payload: Uint8Array, at: number): LinkMessage => {
  return { topic: '', payload, at, retained: false, redelivered: false };
};

async function settleBy(keeping: Promise<void> | null, settle: Batch['settle']): Promise<void> {
  // Before anything is awaited: the batch is free for the next message of the same turn.
  if (keeping === null) return settle('kept');
  try {
    await keeping;
  } catch (error) {
    settle('comes again');
    throw error;
  }
  settle('kept');
}

function isAllOfNow({ at, size, receivedAt }: ReadBatch): boolean {
  for (let row = 0; row < size; row++) if (at[row] !== receivedAt) return false;
  return true;
}

type DecodeParts = {
  readonly decoder: MessageDecoder;
  readonly intake: Intake;
  readonly onReads: OnReads;
  readonly see: MessageControl['see'];
  readonly refuse: (oversize: Oversize, isRetained: boolean) => Taken;
  readonly sawLife: (isRetained: boolean) => void;
  readonly mustRun: () => void;
};

/**
 * Decodes a message and hands its reads down the line: up to the call of `onReads` in the order of the messages; only what waits
 * for the disk comes later. `again` says of what is pushed whether it was taken before.
 */
function createDecode({ decoder, intake, onReads, see, refuse, sawLife, mustRun }: DecodeParts) {
  return async (
    how: keyof MessageDecoder,
    message: LinkMessage,
    again: ComesAgain | null = null,
    sink = intake.sink,
  ): Promise<Taken> => {
    mustRun();
    if (message.oversize) return refuse(message.oversize, message.retained);
    see(message.payload);
    const understood = decoder[how](message, sink);
    const { reads, size, settle } = intake.take();
    // What is pushed again without a time of its own is of now, each time: only a broker knows that it delivers again.
    const comesAgain = again === null ? message.redelivered : again(reads) && !isAllOfNow(reads);
    await settleBy(size === 0 ? null : onReads(reads, comesAgain), settle);
    sawLife(message.retained);
    return { reads: size, understood };
  };
}

/** What comes from the reader: reads down the line, the rest to whoever waits for it. */
function listen(deps: MessageReaderDeps, tracker: StatusTracker, { answered, see }: MessageControl, heard: () => void) {
  const { config, profile, clock, onReads } = deps;
  const intake = createIntake(config.id, null, tracker, (answer) => {
    tracker.say(`${answer.command} ${answer.ok === false ? 'failed' : 'done'}`);
    answered(answer);
  });
  const decoder = compileMessageDecoder(profile, config.map, { ...intake.context, zone: zoneOf(deps) });
  const tally = createPushTally();
  let stopped = false;
  const mustRun = () => {
    // A rejection keeps the message at the broker: whoever comes after us gets it.
    if (stopped) throw new GatewayError('LINK_LOST', `Reader ${config.id} is stopped.`, { reader: config.id });
  };
  const sawLife = createPulse(tracker, heard);
  const refuse = (oversize: Oversize, isRetained = false): Taken => {
    sawLife(isRetained);
    return tooLarge(tracker, oversize);
  };
  const decode = createDecode({ decoder, intake, onReads, see, refuse, sawLife, mustRun });
  return {
    take: async (message: LinkMessage) => {
      // What the broker kept from before is not a read of now; an empty one only clears what it kept.
      if (!message.retained) await decode('message', message);
      else if (message.payload.length > 0) tracker.reject('RETAINED', 1);
    },
    takeStatus: async (message: LinkMessage) => void (await decode('status', message)),
    push: createPushDoor({
      payload: (config.map ?? readMapOf(profile)).payload ?? 'json',
      ...deps,
      sink: intake.sink,
      take: (payload, again, sink) => tally.during(() => decode('message', pushed(payload, clock.now()), again, sink)),
      refused: (size, limit) => void refuse({ size, limit }),
    }),
    count: (outcome: string, antenna: number | null, by = 1) => {
      tally.count(outcome, by);
      tracker.outcome(outcome, antenna, by);
    },
    decided: tally.count,
    end: () => {
      stopped = true;
    },
  };
}
