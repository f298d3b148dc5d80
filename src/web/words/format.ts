import type { Locale } from './locale.ts';

/** How one language writes numbers and times; made once per language, because Intl objects are dear to make. */
export type Format = {
  /** `12,340` */
  readonly count: (n: number) => string;
  /** `3.2`, one decimal, for rates. */
  readonly rate: (n: number) => string;
  /** `+1.25 s` or `-40 ms` from milliseconds. */
  readonly offset: (ms: number) => string;
  /** `3 minutes ago`; times in the next seconds count as now. Both epoch ms. */
  readonly ago: (at: number, now: number) => string;
  /** `21 Nov 2026, 18:04:05`, 24 h clock, epoch ms. */
  readonly at: (at: number) => string;
  /** `18:04:05` for today, else with the date. Both epoch ms. */
  readonly clock: (at: number, now: number) => string;
};

const weakestDbm = -80;
const dbPerBar = 8;

/** How many of five bars a signal lights; at least one, for the tag was read. `rssi` is dBm. */
export function litBars(rssi: number): number {
  return Math.max(1, Math.min(5, Math.floor((rssi - weakestDbm) / dbPerBar) + 1));
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** Formats of a language by Intl. `justNow` is the word for less than five seconds ago. */
export function formatter(locale: Locale, justNow: string): Format {
  const tag = locale === 'zh-TW' ? 'zh-Hant-TW' : 'en-GB';
  const count = new Intl.NumberFormat(tag);
  const rate = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(tag, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'medium', hourCycle: 'h23' });
  const ago = (at: number, now: number) => {
    const past = at - now;
    if (Math.abs(past) < 5_000) return justNow;
    const [unit, ms] = steps.find(([, size]) => Math.abs(past) >= size) ?? ['second', 1_000];
    return relative.format(Math.trunc(past / ms), unit);
  };
  return {
    count: (n) => count.format(n),
    rate: (n) => rate.format(n),
    offset: (ms) => (Math.abs(ms) < 1_000 ? `${signed.format(ms)} ms` : `${signed.format(ms / 1_000)} s`),
    ago,
    at: (at) => full.format(at),
    clock: (at, now) => (sameDay(at, now) ? time.format(at) : full.format(at)),
  };
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
