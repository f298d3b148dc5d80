import { type Clock, GatewayError, type Log } from '../../kit/index.ts';
import type { LinkMessage } from '../../links/index.ts';
import { noControl } from '../commands/access.ts';
import { createRunner } from '../commands/run.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { MessageProfile } from '../profile/message-profile.ts';
import { createStatusTracker } from '../status-tracker.ts';
import type { ReaderMemory } from '../supervision/memory.ts';
import type { OnReads, Reader } from '../types.ts';
import { trackedBy, watchedOf } from '../watched.ts';
import { compileMessageDecoder, type MessageDecoder } from './decode.ts';
import type { MessageSource } from './message-source.ts';
import { createPushDoor } from './push.ts';

export type MessageReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  readonly source: MessageSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
};

/**
 * A reader that publishes messages. What `onReads` throws passes to the connection, which then does not acknowledge the
 * message; nothing of it is counted, because it comes again.
 */
export function openMessageReader(deps: MessageReaderDeps): Reader {
  const { config, profile, source, clock, log, onReads } = deps;
  const tracker = createStatusTracker(watchedOf(deps), clock);
  const intake = createIntake(config.id, null, tracker, ({ command, ok }) => {
    tracker.say(`${command} ${ok === false ? 'failed' : 'done'}`);
  });
  const decoder = compileMessageDecoder(profile, config.map, intake.context);
  let stopped = false;

  const decode = (how: keyof MessageDecoder, message: LinkMessage, sink = intake.sink): number => {
    // A throw keeps the message at the broker: whoever comes after us gets it.
    if (stopped) throw new GatewayError('LINK_LOST', `Reader ${config.id} is stopped.`, { reader: config.id });
    decoder[how](message, sink);
    const { reads, settle } = intake.take();
    if (reads.length > 0) onReads(reads, message.redelivered);
    settle(true);
    tracker.heard();
    return reads.length;
  };
  const take = (message: LinkMessage) => {
    // What the broker kept from before is not a read of now; an empty one only clears what it kept.
    if (!message.retained) decode('message', message);
    else if (message.payload.length > 0) tracker.reject('RETAINED', 1);
  };
  const push = createPushDoor({
    payload: (config.map ?? profile.map).payload ?? 'json',
    clock,
    sink: intake.sink,
    take: (payload, redelivered, sink) =>
      decode('message', { topic: '', payload, at: clock.now(), retained: false, redelivered }, sink),
  });
  return {
    id: config.id,
    ...(config.link.http === undefined ? {} : { push }),
    start: () => {
      tracker.started('listening');
      source.start(take, (message) => void decode('status', message));
      log.debug({ address: source.address }, 'reader listens');
    },
    stop: () => {
      stopped = true;
      return source.stop();
    },
    status: () => tracker.status({ ...source.state(), address: source.address }),
    ...trackedBy(tracker),
    command: createRunner({ reader: config.id, control: noControl, log, problemOf: () => null }),
  };
}
