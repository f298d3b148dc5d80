import type { ReaderLink } from '../options.ts';

/** Tries a family's speeds in turn while a module does not answer: one that is set to another speed says nothing at all. */
export type SpeedSearch = {
  /** The speed to open a serial line at. */
  speed(): number;
  /** True until something whole was heard, where there is more than one speed to try. */
  searching(): boolean;
  /** A whole frame or line came: the speed is right. */
  heard(): void;
  /** The channel is to be opened anew. A speed at which nothing was heard is given up: the sentence that says so, else null. */
  turn(): string | null;
};

/** `bauds` in the order in which they are tried. A configured speed is never left, and TCP has none. */
export function createSpeedSearch(bauds: readonly number[], { serial }: ReaderLink): SpeedSearch {
  const speeds = serial?.baudRate === undefined ? bauds : [serial.baudRate];
  const several = serial !== undefined && speeds.length > 1;
  let index = 0;
  let known = false;
  let heard = false;
  const speed = () => speeds[index % speeds.length] ?? 115_200;
  return {
    speed,
    searching: () => several && !known,
    heard: () => {
      heard = true;
      known = true;
    },
    turn: () => {
      const silent = !heard;
      heard = false;
      if (!several || !silent) return null;
      const before = speed();
      index += 1;
      return `No answer at ${before} baud: trying ${speed()}.`;
    },
  };
}
