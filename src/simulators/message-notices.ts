import type { Clock } from '../kit/index.ts';
import type { MessageProfile } from '../protocols/index.ts';
import { put, timeLike } from './fill.ts';
import type { Report, SimulatedInside } from './message-inside.ts';
import type { MessageOutlet, Publish } from './message-outlet.ts';

/** What a simulated reader says of itself: births and wills, heartbeats, losses. */
export type Notices = {
  say(what: 'online' | 'offline'): Promise<void>;
  /** `lost`: reads given up since the start. */
  beat(lost: number): void;
  overflow(lost: number, kept: number): void;
};

export function createNotices(
  { simulate, eventSeq, eventTime }: MessageProfile,
  inside: SimulatedInside,
  clock: Clock,
  outlet: MessageOutlet,
  send: Publish,
): Notices {
  let seq = 0;
  const stamped = (message: Report): string => {
    seq += 1;
    put(message, eventSeq, () => seq);
    if (eventTime !== undefined) put(message, eventTime.path, (old) => timeLike(old, clock.now(), eventTime.format));
    return JSON.stringify(message);
  };
  return {
    say: async (what) => {
      const words = inside.says[what];
      if (words === null || outlet.statusTopic === undefined) return;
      await send(outlet.statusTopic, typeof words === 'string' ? words : stamped({ ...words }));
    },
    beat: (lost) => {
      if (simulate.heartbeat === undefined) return;
      const heartbeat = structuredClone(simulate.heartbeat);
      inside.beat(heartbeat, lost);
      void send(outlet.statusTopic ?? outlet.topic, stamped(heartbeat));
    },
    overflow: (lost, kept) => {
      const message = inside.overflow(lost, kept);
      if (message !== null) void send(outlet.topic, stamped({ ...message }));
    },
  };
}
