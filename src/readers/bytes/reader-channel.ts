import type { Fault } from '../../kit/index.ts';
import type { ByteLink, ByteLinkEvents } from '../../links/index.ts';
import type { ReaderLink } from '../options.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { createSpeedSearch } from './speed-search.ts';

/** Makes the byte channel of a reader, not yet open; a serial one asks for its `speed` at each opening. */
export type OpenBytes = (events: ByteLinkEvents, speed: () => number) => ByteLink;

/** A reader's byte channel, which its session may have opened anew: at the next speed while a module does not answer. */
export type ReaderChannel = ByteLink & {
  /** A whole frame or line came. */
  heard(): void;
  /** True while it is not known at which speed the module speaks. */
  searching(): boolean;
  /** True while the session gives the channel up. */
  givingUp(): boolean;
  /** Gives the channel up for this reason, and opens it after the pause of any loss. */
  reopen(reason: Fault): void;
};

type Parts = {
  readonly openBytes: OpenBytes;
  /** Speeds of the family, in the order in which they are tried. */
  readonly bauds: readonly number[];
  readonly link: ReaderLink;
  readonly tracker: StatusTracker;
};

export function createReaderChannel({ openBytes, bauds, link, tracker }: Parts, events: ByteLinkEvents): ReaderChannel {
  const speeds = createSpeedSearch(bauds, link);
  const bytes = openBytes(events, speeds.speed);
  let givingUp = false;
  return {
    ...bytes,
    heard: speeds.heard,
    searching: speeds.searching,
    givingUp: () => givingUp,
    reopen: (reason) => {
      const turned = speeds.turn();
      if (turned !== null) tracker.say(turned);
      givingUp = true;
      bytes.giveUp(reason);
      givingUp = false;
    },
  };
}
