import { type Clock, GatewayError, type Log } from '../../kit/index.ts';
import type { LinkMessage } from '../../links/index.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { MessageProfile } from '../profile/message-profile.ts';
import { createStatusTracker } from '../status-tracker.ts';
import type { MessageChannel, OnReads, Reader } from '../types.ts';
import { compileMessageDecoder } from './decode.ts';

export type MessageReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: MessageProfile;
  readonly mqtt: MessageChannel | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly onReads: OnReads;
};

/**
 * A reader that publishes messages. What `onReads` throws passes to the connection, which then does not acknowledge the
 * message; nothing of it is counted, because it comes again. Throws CONFIG_INVALID when there is no broker.
 */
export function openMessageReader({ config, profile, mqtt, clock, log, onReads }: MessageReaderDeps): Reader {
  const link = config.link.mqtt;
  if (mqtt === null || link === undefined) {
    throw new GatewayError('CONFIG_INVALID', `Reader ${config.id} needs an mqtt section that names the broker.`);
  }
  const tracker = createStatusTracker(config, clock);
  const intake = createIntake(config.id, null, tracker, (answer) =>
    tracker.say(`${answer.command} ${answer.ok === false ? 'failed' : 'done'}`),
  );
  const decoder = compileMessageDecoder(profile, config.map, intake.context);
  let stopped = false;

  const handOn = (redelivered: boolean) => {
    const { reads, settle } = intake.take();
    if (reads.length > 0) onReads(reads, redelivered);
    settle(true);
  };
  // A throw keeps the message at the broker: whoever comes after us gets it.
  const refuseWhenStopped = () => {
    if (stopped) throw new GatewayError('LINK_LOST', `Reader ${config.id} is stopped.`, { reader: config.id });
  };
  const take = (message: LinkMessage) => {
    refuseWhenStopped();
    // What the broker kept from before is not a read of now.
    if (message.retained) {
      if (message.payload.length > 0) tracker.reject('RETAINED', 1);
      return;
    }
    decoder.message(message, intake.sink);
    handOn(message.redelivered);
  };
  const takeStatus = (message: LinkMessage) => {
    refuseWhenStopped();
    decoder.status(message, intake.sink);
    handOn(message.redelivered);
  };
  return {
    id: config.id,
    start: () => {
      mqtt.subscribe(link.topic, take);
      if (link.statusTopic !== undefined) mqtt.subscribe(link.statusTopic, takeStatus);
      log.debug({ topic: link.topic }, 'reader subscribed');
    },
    // The connection is the site's and outlives the reader.
    stop: () => {
      stopped = true;
      return Promise.resolve();
    },
    status: () => tracker.status({ ...mqtt.state(), address: link.topic }),
    count: (reason, by = 1) => tracker.reject(reason, by),
  };
}
