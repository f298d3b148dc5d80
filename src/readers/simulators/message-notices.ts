import type { Clock } from '../../kit/index.ts';
import { filled } from '../messages/control/json.ts';
import type { MessageProfile } from '../profile/message-profile.ts';
import { put, timeLike } from './fill.ts';
import type { MessageOutlet, Publish } from './message-simulator.ts';

/** What a simulated reader says of itself: births and wills, heartbeats, losses. */
export type Notices = {
  say(what: 'online' | 'offline'): Promise<void>;
  /** `lost`: reads given up since the start. */
  beat(lost: number): void;
  overflow(lost: number, kept: number): void;
};

export function createNotices(profile: MessageProfile, clock: Clock, outlet: MessageOutlet, send: Publish): Notices {
  const { simulate, status, eventSeq, eventTime } = profile;
  let seq = 0;
  const message = (example: unknown, values: Readonly<Record<string, number>>): string => {
    const made = filled(structuredClone(example), values) as Record<string, unknown>;
    seq += 1;
    put(made, eventSeq, () => seq);
    if (eventTime !== undefined) put(made, eventTime.path, (old) => timeLike(old, clock.now(), eventTime.format));
    return JSON.stringify(made);
  };
  const wordFor = (what: 'online' | 'offline'): string | null => {
    const example = what === 'online' ? simulate.birth : simulate.will;
    if (example !== undefined) return message(example, {});
    return Object.entries(status ?? {}).find(([, is]) => is === what)?.[0] ?? null;
  };
  return {
    say: async (what) => {
      const text = wordFor(what);
      if (text !== null && outlet.statusTopic !== undefined) await send(outlet.statusTopic, text);
    },
    beat: (lost) => {
      if (simulate.heartbeat === undefined) return;
      void send(outlet.statusTopic ?? outlet.topic, message(simulate.heartbeat, { lost }));
    },
    overflow: (lost, kept) => {
      if (simulate.overflow !== undefined) void send(outlet.topic, message(simulate.overflow, { lost, kept }));
    },
  };
}
