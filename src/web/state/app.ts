import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Location, Page, SignedIn, StaffSession } from '../../contract/index.ts';
import { type Client, createClient } from '../gateway/client.ts';
import { createFeed, type Feed, type FeedHost } from '../gateway/feed.ts';
import type { PlainKey, Wording } from '../words/index.ts';
import { createLive, type Live } from './live.ts';
import { may } from './may.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { pulse } from './pulse.ts';
import { createRouter, type Router } from './route.ts';
import { createScans, type Scans } from './scan.ts';
import { speak } from './spoken.ts';

/** Who is signed in, and where; `site` is null where that could not be asked. */
type Account = SignedIn & { readonly site: StaffSession['site'] | null };

/** Who is signed in, or why nobody is. */
export type SignIn =
  | { readonly state: 'checking' }
  | { readonly state: 'out'; readonly problem: PlainKey | null }
  | { readonly state: 'in'; readonly session: Account };

/** Everything a page may need, handed down by context. There is one per page load. */
export type App = {
  readonly client: Client;
  readonly feed: Feed;
  readonly live: Live;
  readonly router: Router;
  readonly scans: Scans;
  readonly preferences: Preferences;
  readonly words: ReadonlySignal<Wording>;
  readonly signIn: Signal<SignIn>;
  readonly locations: ReadonlySignal<readonly Location[]>;
  /** Epoch ms, moved on every few seconds, so that ages on the page stay true. */
  readonly now: ReadonlySignal<number>;
  /** Rises when something in stock may have changed, at most every few seconds. */
  readonly changes: ReadonlySignal<number>;
  /** Rises when a reader or destination changed. */
  readonly statusChanges: ReadonlySignal<number>;
};

const tickMs = 2_000;
const changeGapMs = 3_000;
const refreshMs = 15_000;

const browserHost: FeedHost = {
  now: () => Date.now(),
  open: () => new EventSource('/api/v1/events'),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return { cancel: () => clearInterval(timer) };
  },
  random: Math.random,
};

/** Makes the app's state and starts what runs by itself: clock, feed, location names. */
export async function createApp(): Promise<App> {
  const preferences = createPreferences();
  const words = await speak(preferences);
  const signIn = signal<SignIn>({ state: 'checking' });
  const client = createClient(() => {
    signIn.value = { state: 'out', problem: 'signInEnded' };
  });
  const live = createLive();
  const changes = pulse(changeGapMs);
  const statusChanges = pulse(0);
  const feed = createFeed(browserHost, {
    items(events) {
      live.takeItems(events);
      changes.raise();
    },
    reads: live.takeReads,
    status: statusChanges.raise,
    reset(told) {
      live.reset(told);
      changes.raise();
      statusChanges.raise();
    },
    doubt: () => void client.probe(),
  });
  const locations = signal<readonly Location[]>([]);
  const now = signal(Date.now());
  setInterval(() => {
    now.value = Date.now();
  }, tickMs);
  const router = createRouter();
  const scans = createScans({ router, signIn });
  const app = { client, feed, live, router, scans, preferences, words, signIn, locations, now };
  const refresh = () => {
    changes.raise();
    statusChanges.raise();
  };
  followGateway(app, refresh);
  effect(() => {
    if (signIn.value.state !== 'out') return;
    client.forget();
    live.forget();
  });
  nameLocations(app, locations);
  return { ...app, changes: changes.count, statusChanges: statusChanges.count };
}

/**
 * The feed runs while somebody is signed in and looks: a browser allows only six connections to one host. Who may not
 * have it gets the same pages by asking again now and then.
 */
function followGateway({ signIn, feed, client }: Pick<App, 'signIn' | 'feed' | 'client'>, refresh: () => void): void {
  const visible = signal(!document.hidden);
  const look = () => {
    visible.value = !document.hidden;
    feed.check();
  };
  document.addEventListener('visibilitychange', look);
  for (const woken of ['pageshow', 'online', 'offline', 'focus']) addEventListener(woken, look);
  document.addEventListener('resume', look);
  effect(() => {
    if (may(signIn.value, 'events:read') && visible.value) feed.open();
    else feed.close();
  });
  effect(() => {
    if (signIn.value.state !== 'in' || may(signIn.value, 'events:read') || !visible.value) return;
    const asking = setInterval(() => {
      void client.probe();
      refresh();
    }, refreshMs);
    return () => clearInterval(asking);
  });
}

function nameLocations(app: Pick<App, 'signIn' | 'client'>, locations: Signal<readonly Location[]>): void {
  effect(() => {
    const wanted = may(app.signIn.value, 'stock:read') && app.client.revision.value >= 0;
    if (!wanted) return;
    void app.client.get<Page<Location>>('/locations').then((result) => {
      if (result.ok) locations.value = result.data.rows;
    });
  });
}
