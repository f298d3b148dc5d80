import type { ByteLink, ByteLinkEvents } from '../../links/index.ts';
import type { ReaderLink } from '../options.ts';
import type { StatusTracker } from '../status-tracker.ts';
import { createSpeedSearch } from './speed-search.ts';

/** Makes the byte channel of a reader, not yet open; a serial one at `speed`. */
export type OpenBytes = (events: ByteLinkEvents, speed: number) => ByteLink;

/** A reader's byte channel, which its session may have opened anew: at the next speed while a module does not answer. */
export type ReaderChannel = ByteLink & {
  /** A whole frame or line came. */
  heard(): void;
  /** True while it is not known at which speed the module speaks. */
  searching(): boolean;
  reopen(): void;
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
  let current = openBytes(events, speeds.speed());
  let closed = false;
  const reopen = async () => {
    const turned = speeds.turn();
    if (turned !== null) tracker.say(turned);
    await current.close();
    if (closed) return;
    current = openBytes(events, speeds.speed());
    current.open();
  };
  return {
    open: () => current.open(),
    write: (bytes) => current.write(bytes),
    close: () => {
      closed = true;
      return current.close();
    },
    state: () => current.state(),
    heard: speeds.heard,
    searching: speeds.searching,
    reopen: () => void reopen(),
  };
}
