import { GatewayError } from '../../kit/index.ts';
import { type LinkDeps, type LinkMessage, type LinkState, linkState, openReplay } from '../../links/index.ts';
import type { ReaderOptions } from '../options.ts';
import type { MessageChannel } from '../types.ts';
import { topicsOf } from './message-topics.ts';

type Handler = (message: LinkMessage) => Promise<void>;

/** Where a reader's messages come from. */
export type MessageSource = {
  readonly address: string;
  /** `take` gets the reads' topic, `takeStatus` the status topic. A rejection means "not taken". */
  start(take: Handler, takeStatus: Handler): void;
  stop(): Promise<void>;
  state(): LinkState;
  /** Where commands go out; null where messages only come in. */
  readonly channel: Pick<MessageChannel, 'publish'> | null;
};

/** The source that the configuration names. Throws CONFIG_INVALID when that is MQTT and the site has no broker. */
export function messageSource(config: ReaderOptions, mqtt: MessageChannel | null, deps: LinkDeps): MessageSource {
  const { link } = config;
  if (link.replay !== undefined) return replaySource(link.replay, deps);
  if (link.http !== undefined) return pushSource(config.id, deps);
  if (mqtt === null || link.mqtt === undefined) {
    throw new GatewayError('CONFIG_INVALID', `Reader ${config.id} needs an mqtt section that names the broker.`);
  }
  const { topic, statusTopic } = link.mqtt;
  const answers = topicsOf(config).says.filter((name) => name !== topic && name !== statusTopic);
  return {
    address: topic,
    channel: mqtt,
    start: (take, takeStatus) => {
      mqtt.subscribe(topic, take);
      if (statusTopic !== undefined) mqtt.subscribe(statusTopic, takeStatus);
      for (const name of answers) mqtt.subscribe(name, take);
    },
    // The connection is the site's and outlives the reader.
    stop: () => Promise.resolve(),
    state: () => mqtt.state(),
  };
}

/** A reader that comes to us: there is nothing to open, and nothing that could be lost. */
function pushSource(reader: string, { clock }: LinkDeps): MessageSource {
  let state = linkState('closed', clock.now());
  const enter = (next: LinkState['state']) => {
    state = linkState(next, clock.now());
  };
  return {
    address: `/api/v1/readers/${reader}/reads`,
    channel: null,
    start: () => enter('open'),
    stop: async () => enter('closed'),
    state: () => state,
  };
}

function replaySource({ file, speed }: NonNullable<ReaderOptions['link']['replay']>, deps: LinkDeps): MessageSource {
  let take: Handler = async () => undefined;
  const nothing = () => undefined;
  const events = { opened: nothing, chunk: nothing, lost: nothing, message: (message: LinkMessage) => take(message) };
  const link = openReplay(file, { speed: replaySpeed(speed) }, events, deps);
  return {
    address: file,
    channel: null,
    start: (handler) => {
      take = handler;
      link.open();
    },
    stop: () => link.close(),
    state: () => link.state(),
  };
}

/** The configuration's speed: 1 where none is given, 0 for no waiting at all. */
export function replaySpeed(speed: number | undefined): number {
  return speed === 0 ? Number.POSITIVE_INFINITY : (speed ?? 1);
}
