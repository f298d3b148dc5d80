import { type Clock, crash, GatewayError, type Log, type Timer } from '../kit/index.ts';
import type { Store } from './store.ts';

/** How soon the log says that the database cannot be written, and that it can again. */
const lookMs = 5_000;
/** The night check begins at three o'clock by the site's clock, and up to an hour later: not on all machines at once. */
const nightMinute = 3 * 60;
const jitterMinutes = 60;
const dayMinutes = 24 * 60;

export type CaretakerOptions = {
  readonly store: Pick<Store, 'health' | 'examine' | 'prune'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How far the site's clocks are ahead of UTC at a time, epoch ms. */
  readonly offsetMinutes: (at: number) => number;
  /** 0 or more, below 1. */
  readonly random: () => number;
  /** How long facts are kept in the log, ms. */
  readonly keepEventsMs: number;
};

/**
 * Looks after an open store until it is cancelled: says in the log how the disk is, has the database examined every night, and facts
 * pruned when their time is over.
 */
export function startCaretaker(options: CaretakerOptions): Timer {
  let isOver = false;
  // The store may be closed by the time that an answer comes.
  const watch = createStateLog(options, () => isOver);
  const isDue = createNight(options);
  const pruning = createPruning(options);
  void watch();
  const looking = options.clock.every(lookMs, () => {
    void watch();
    pruning.look();
    if (isDue()) void examine(options).then(() => (isOver ? undefined : watch()));
  });
  return {
    cancel: () => {
      isOver = true;
      pruning.cancel();
      looking.cancel();
    },
  };
}

function createStateLog({ store, log }: CaretakerOptions, isOver: () => boolean): () => Promise<void> {
  let writable = true;
  let damage: string | null = null;
  return async () => {
    const health = await store.health();
    if (isOver()) return;
    if (health.damage !== damage) log.error({ file: health.file, damage: health.damage }, 'the database is damaged');
    if (health.writable !== writable) {
      if (health.writable) log.info({ file: health.file }, 'the database can be written again');
      else log.error({ file: health.file }, 'the database cannot be written: reads are not taken, stock is shown');
    }
    ({ writable, damage } = health);
  };
}

/** Once a day, and not on the day on which the start has looked already. */
function createNight({ clock, offsetMinutes, random }: CaretakerOptions): () => boolean {
  const dueAt = nightMinute + Math.floor(random() * jitterMinutes);
  const look = () => {
    const now = clock.now();
    const minutes = Math.floor(now / 60_000) + offsetMinutes(now);
    return { day: Math.floor(minutes / dayMinutes), isNight: minutes % dayMinutes >= dueAt };
  };
  const start = look();
  let lastDay = start.isNight ? start.day : start.day - 1;
  return () => {
    const { day, isNight } = look();
    if (!isNight || day === lastDay) return false;
    lastDay = day;
    return true;
  };
}

/** Whether facts are due is asked once a minute; slices of what is due follow each other with room between. */
const looksPerPruning = 12;
const betweenSlicesMs = 20;

function createPruning({ store, clock, log, keepEventsMs }: CaretakerOptions) {
  const self = { looks: 0, isBusy: false, isOver: false, next: null as Timer | null };
  const slice = async (): Promise<void> => {
    const { unread, more } = await store.prune(clock.now(), keepEventsMs);
    if (unread > 0)
      log.warn({ unread }, 'facts went that a follower had not read: they were older than twice their time');
    self.isBusy = more && !self.isOver;
    if (self.isBusy) self.next = clock.after(betweenSlicesMs, begin);
  };
  const begin = (): void => {
    self.isBusy = true;
    void slice().catch((error: unknown) => {
      self.isBusy = false;
      // What the database has is in health; it is tried again in a minute.
      if (!(error instanceof GatewayError)) crash(error);
    });
  };
  return {
    look: () => {
      if (!self.isBusy && self.looks++ % looksPerPruning === 0) begin();
    },
    cancel: () => {
      self.isOver = true;
      self.next?.cancel();
    },
  };
}

async function examine({ store, clock, log }: CaretakerOptions): Promise<void> {
  const begun = clock.now();
  try {
    const found = await store.examine();
    if (found === null) log.info({ ms: clock.now() - begun }, 'the database was examined and is whole');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.warn({ code: error.code, reason: error.message }, 'the database could not be examined this night');
  }
}
