import { type AbuseLog, type Clock, createAbuseLog, createCounters, type Log } from '../kit/index.ts';
import type { Denials } from './broker-denials.ts';

/** What the embedded broker did not take, or let go, because it would have cost too much. */
export type Overload = keyof typeof messages;

const messages = {
  CONNECTIONS: 'the embedded broker closed connections: there were too many',
  NO_CONNECT: 'the embedded broker closed connections that did not sign in',
  CLIENT_ID: 'the embedded broker refused client ids: they were too long',
  WILL: 'the embedded broker refused last wills: they were too long',
  SESSIONS: 'the embedded broker refused sessions: there were too many',
  ABANDONED_SESSION: 'the embedded broker dropped abandoned sessions to make room',
  SUBSCRIPTIONS: 'the embedded broker refused subscriptions: there were too many, or they were too long',
  TOPIC: 'the embedded broker cut clients: their topics were too long',
  QUEUE: 'the embedded broker did not queue messages: too many wait',
  RETAINED: 'the embedded broker did not keep retained messages: there were too many',
  UNREAD: 'the embedded broker cut clients that do not read what they asked for',
  ARRIVING: 'the embedded broker cut clients: too many long messages came at once',
  PASSING: 'the embedded broker cut clients: they sent faster than it can pass on',
  IN_FLIGHT: 'the embedded broker cut clients: they left too many QoS 2 messages half done',
} as const;

export type Refuse = (kind: Overload, from: string | null) => void;

export type OverloadDeps = {
  readonly clock: Clock;
  readonly log: Log;
  /** Shows the technician whom it was about. */
  readonly denials: Pick<Denials, 'noteOverload'>;
};

/** Counts them by kind, with at most one line per kind and minute in the log. */
export function createOverload({ clock, log, denials }: OverloadDeps) {
  const counters = createCounters();
  const abuse: AbuseLog = createAbuseLog(clock, log);
  const refuse: Refuse = (kind, from) => {
    counters.add(kind);
    denials.noteOverload(from ?? 'unknown');
    abuse.tell(messages[kind], from, { kind }, kind);
  };
  return { refuse, counts: counters.all, close: abuse.close };
}
