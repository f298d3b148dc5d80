import { type Clock, GatewayError } from '../../../kit/index.ts';
import type { Rest, RestAnswer } from '../../../links/index.ts';
import type { CommandError } from '../../../protocols/index.ts';
import type { Reply } from '../../commands/access.ts';
import type { StatusTracker } from '../../status-tracker.ts';
import type { RestAsk, Talk } from './dialect.ts';

const FIRST_MS = 1_000;
const EVERY_MS = 60_000;

/** What the statuses of a reader's REST interface mean; `internal` where none is listed. */
const meanings: Readonly<Record<number, CommandError>> = {
  400: 'parameter',
  404: 'parameter',
  409: 'busy',
  422: 'parameter',
  503: 'busy',
};

/** Questions over a reader's REST interface. */
export function createRestAsk(rest: Rest): RestAsk {
  return async (method, path, body) => {
    try {
      return judged(await rest.request(method, path, body));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const lost = error.code === 'LINK_LOST';
      return { ok: false, error: lost ? 'offline' : 'timeout', sent: !lost };
    }
  };
}

function judged({ status, body }: RestAnswer): Reply<unknown> {
  if (status >= 200 && status < 300) return { ok: true, value: body };
  return { ok: false, error: meanings[status] ?? 'internal', sent: true };
}

type PollDeps = {
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
