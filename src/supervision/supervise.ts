import { type Clock, type Fault, isSameFault, sentenceOf } from '../kit/index.ts';
import type { ReaderMemory, ReaderOptions, ReaderStatus, Supervision, Trouble, Watched } from '../readers/index.ts';
import { createActivity } from './activity.ts';
import { createClockOffset } from './clock-offset.ts';
import { createCondition } from './condition.ts';
import { createEffects } from './effects.ts';
import { createEpisodes } from './episodes.ts';
import type { Facts, Settings } from './facts.ts';
import { findingsOf } from './findings.ts';
import { createHeartbeats } from './heartbeats.ts';
import { createSequence } from './sequence.ts';
import type { SessionFact } from './session-fact.ts';

const HOUR = 3_600_000;
const OFTEN_LOST = 5;
const OFTEN_RESTARTED = 3;

/** Watches one reader; constant work and no allocation per read. */
export function createSupervision({ config, mostPower, memory }: Watched, clock: Clock): Supervision {
  const parts = createParts(config, memory, clock);
  const { activity, sequence, clockOffset, condition, effects, heartbeats, session, mishaps } = parts;
  const set = settingsOf(config, mostPower);
  return {
    reads: (reads) => {
      activity.reads(reads, condition.readOn);
      sequence.takeAll(reads);
    },
    outcome: effects.take,
    offset: clockOffset.add,
    sign: (sign, at) => {
      condition.sign(sign, clock.now());
      if (sign.about === 'heartbeat') heartbeats.beat(at, clock.now());
    },
    heard: () => heartbeats.heard(clock.now()),
    warned: mishaps.warned,
    started: session.started,
    onlySends: session.onlySends,
    halted: session.halted,
    failed: session.failed,
    lost: mishaps.lost,
    lacks: mishaps.lacks,
    unreadable: mishaps.unreadable,
    look: (seen) => {
      const now = clock.now();
      const silentS = heartbeats.silentFor(now);
      const reachable = seen.link.state === 'open' && seen.online !== false && silentS === null;
      activity.turn(now, reachable && session.value().state === 'running');
      const facts: Facts = { ...seen, now, id: config.id, silentS, set, ...parts.facts(now) };
      return {
        lastError: mishaps.lastError(seen.link),
        reachable,
        session: session.shown(),
        antennas: facts.antennas,
        missing: facts.missing.count,
        clockOffsetMs: clockOffset.median(),
        findings: findingsOf(facts),
      };
    },
    memory: activity.memory,
  };
}

function settingsOf({ power, antennaPower = {}, filter }: ReaderOptions, mostPower: number | null): Settings {
  const powers = [...(power === undefined ? [] : [power]), ...Object.values(antennaPower)];
  return { power: powers.length === 0 ? null : Math.max(...powers), mostPower, isFiltered: filter !== undefined };
}

/** What watches one thing each, and what they make of it. */
function createParts({ antennas }: ReaderOptions, memory: ReaderMemory | null, clock: Clock) {
  const activity = createActivity(antennas, memory);
  const sequence = createSequence();
  const clockOffset = createClockOffset();
  const condition = createCondition();
  const effects = createEffects(clock.now);
  const session = createSessionFact(clock);
  const mishaps = createMishaps(clock);
  const facts = (now: number) => {
    const said = condition.value();
    return {
      session: session.value(),
      condition: said,
      antennas: activity.antennas(now, said.antennasOff),
      effects: effects.value(),
      worked: activity.worked(),
      usual: activity.usual(now),
      clock: clockOffset.overSeconds(),
      missing: sequence.missing(now),
      ...mishaps.recent(now),
    };
  };
  const heartbeats = createHeartbeats();
  return { activity, sequence, clockOffset, condition, effects, heartbeats, session, mishaps, facts };
}

function createSessionFact(clock: Clock) {
  let fact: SessionFact = { state: 'idle', onlySends: false, since: clock.now(), trouble: null };
  const enter = (state: 'running' | 'halted', onlySends = false) => {
    fact = { state, onlySends, since: clock.now(), trouble: null };
  };
  return {
    started: () => enter('running'),
    onlySends: () => enter('running', true),
    halted: () => enter('halted'),
    failed: (trouble: Trouble) => {
      const now = clock.now();
      // Tried again every few seconds: since is the start of the trouble.
      fact = {
        state: 'failed',
        onlySends: false,
        since: fact.trouble === null ? now : fact.since,
        trouble: { ...trouble, at: now },
      };
    },
    value: () => fact,
    shown: () => ({ state: fact.state, since: fact.since, ...problemOf(fact.trouble) }),
  };
}

function problemOf(trouble: Trouble | null): Pick<ReaderStatus['session'], 'problem' | 'fault'> {
  if (trouble === null) return { problem: null, fault: null };
  return { problem: sentenceOf(trouble.fault), fault: trouble.fault };
}

/** When what happened, and how often. */
function createMishaps(clock: Clock) {
  const warnedAt = new Map<string, number>();
  const losses = createEpisodes(OFTEN_LOST);
  const restarts = createEpisodes(OFTEN_RESTARTED);
  let lastError: ReaderStatus['lastError'] = null;
  const told = { lacks: [], unreadable: null } as Pick<Facts, 'lacks' | 'unreadable'>;
  const tell = (news: Partial<typeof told>) => void Object.assign(told, news);
  return {
    lacks: (lacks: readonly Fault[]) => tell({ lacks }),
    unreadable: (unreadable: Fault) => tell({ unreadable }),
    warned: (code: string) => {
      warnedAt.set(code, clock.now());
      if (code === 'READER_REBOOTED') restarts.add(clock.now());
    },
    lost: (fault: Fault, givenUp = false) => {
      lastError = { text: sentenceOf(fault), fault, at: clock.now() };
      if (!givenUp) losses.add(clock.now());
    },
    /** An opening that fails is no loss: its error is seen when somebody looks. */
    lastError: ({ fault, since }: ReaderStatus['link']) => {
      const isNews = fault !== null && !isSameFault(fault, lastError?.fault ?? null);
      if (isNews) lastError = { text: sentenceOf(fault), fault, at: since };
      return lastError;
    },
    recent: (now: number) => ({
      warnedAt,
      ...told,
      isUnstable: losses.often(now, HOUR),
      restartsOften: restarts.often(now, HOUR),
    }),
  };
}
