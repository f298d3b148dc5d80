import { createTopicTree } from './broker-topics.ts';

type Packet = { readonly topic: string };
type Done = () => void;
type Listener = (packet: Packet, done: Done) => void;
type Waiting = { readonly packet: Packet; readonly done: Done };

/** Messages that are handed out before others have their turn. */
const AT_ONCE = 50;

/**
 * Hands each message to those who listen, in the order of arrival: what aedes 1.2 asks of its `mq`. No message begins while
 * `deliveries` are under way, so many messages for many listeners do not stand in memory for each of them at once. mqemitter,
 * which aedes has otherwise, bounds messages and not deliveries, and goes one call deeper for each message in its queue that
 * nobody listens to: 12,000 of them ended the process.
 */
export function createDispatch({ deliveries }: { readonly deliveries: number }) {
  const listeners = createTopicTree<Listener, null>();
  // A set keeps its order, and gives up its first without moving the others.
  const waiting = new Set<Waiting>();
  const now = { underWay: 0, due: false, closed: false, added: 0 };
  const pump = (): void => {
    now.due = false;
    let begun = 0;
    for (const next of waiting) {
      if (now.underWay >= deliveries || begun === AT_ONCE) break;
      waiting.delete(next);
      begun += 1;
      now.underWay += deliver(listeners.match(next.packet.topic), next, () => {
        now.underWay -= 1;
        plan();
      });
    }
    plan();
  };
  const plan = (): void => {
    if (now.due || waiting.size === 0 || now.underWay >= deliveries) return;
    now.due = true;
    setImmediate(pump);
  };
  return {
    on: (filter: string, listener: Listener, done: Done = () => undefined): void => {
      listeners.add(filter, listener, null);
      now.added += 1;
      setImmediate(done);
    },
    removeListener: (filter: string, listener: Listener, done: Done = () => undefined): void => {
      listeners.remove(filter, listener);
      setImmediate(done);
    },
    emit: (packet: Packet, done: (error?: Error) => void = () => undefined): void => {
      if (now.closed) done(new Error('the broker is closed'));
      else waiting.add({ packet, done });
      plan();
    },
    /** Whether anybody listens. */
    isHeard: (topic: string): boolean => listeners.match(topic).length > 0,
    /** How many have begun to listen so far. */
    added: (): number => now.added,
    close: (done: Done): void => {
      now.closed = true;
      setImmediate(done);
    },
  };
}

/** Hands a message to each; `ended` is called for each of them, at once or later. Gives how many there are. */
function deliver(to: readonly { readonly holder: Listener }[], { packet, done }: Waiting, ended: Done): number {
  let left = to.length;
  if (left === 0) done();
  for (const { holder } of to) {
    holder(packet, () => {
      left -= 1;
      ended();
      if (left === 0) done();
    });
  }
  return to.length;
}
