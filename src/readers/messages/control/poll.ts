import type { Clock } from '../../../kit/index.ts';
import type { StatusTracker } from '../../status-tracker.ts';
import type { Talk } from './dialect.ts';

const FIRST_MS = 1_000;
const EVERY_MS = 60_000;

export type PollDeps = {
  readonly talk: Pick<Talk, 'activity'>;
  readonly clock: Clock;
  readonly tracker: Pick<StatusTracker, 'event' | 'sign'>;
};

/**
 * Asks a reader whose status messages are not retained whether it is there and reads: a gateway that starts later heard
 * none of them. What it does not answer says nothing: its REST interface may be closed to us while its messages come.
 */
export function startPolling({ talk, clock, tracker }: PollDeps): () => void {
  let known: string | null = null;
  const poll = async () => {
    const reply = await talk.activity();
    if (!reply.ok) {
      known = null;
      return;
    }
    const { word: status, isActive } = reply.value;
    tracker.sign({ about: 'inventory', is: isActive ? 'running' : 'stopped' }, null);
    if (status !== known) tracker.event({ name: 'status', at: null, seq: null, online: true, detail: { status } });
    known = status;
  };
  const timers = [clock.after(FIRST_MS, () => void poll()), clock.every(EVERY_MS, () => void poll())];
  return () => {
    for (const timer of timers) timer.cancel();
  };
}
