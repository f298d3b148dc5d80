import type { ComponentChildren } from 'preact';
import { DownBanner } from './parts/banner.tsx';
import { FeedChip } from './parts/feed-chip.tsx';
import { Icon, type IconName } from './parts/icon.tsx';
import { Failure } from './parts/load-state.tsx';
import { PageHead } from './parts/page-head.tsx';
import { useApp, useWords } from './state/context.ts';
import type { Route } from './state/route.ts';
import { ItemView } from './views/item.tsx';
import { LiveView } from './views/live.tsx';
import { ProductView } from './views/product.tsx';
import { SettingsView } from './views/settings.tsx';
import { SignInView } from './views/sign-in.tsx';
import { StatusView } from './views/status.tsx';
import { StockView } from './views/stock.tsx';
import type { PlainKey } from './words/index.ts';

/** The frame around every page, and which page it is. */
export function Shell() {
  const app = useApp();
  const { t } = useWords();
  const signIn = app.signIn.value;
  const skip = () => document.getElementById('main')?.focus();
  return (
    <>
      <button type="button" class="skip button button-primary" onClick={skip}>
        {t('skip')}
      </button>
      <header class="top">
        <Brand />
        {signIn.state === 'in' && <Nav />}
        {signIn.state === 'in' && <FeedChip />}
      </header>
      <DownBanner />
      <main id="main" tabIndex={-1}>
        {signIn.state === 'in' && <View route={app.router.route.value} />}
        {signIn.state === 'out' && <SignInView problem={signIn.problem} />}
        {signIn.state === 'checking' && <Waiting />}
      </main>
    </>
  );
}

function View({ route }: { route: Route }): ComponentChildren {
  const { t } = useWords();
  switch (route.view) {
    case 'stock':
      return <StockView filter={{ q: route.q, location: route.location, bucket: route.bucket }} />;
    case 'product':
      return <ProductView key={route.gtin} gtin={route.gtin} lifecycle={route.lifecycle} />;
    case 'item':
      return <ItemView key={route.epc} epc={route.epc} />;
    case 'live':
      return <LiveView />;
    case 'status':
      return <StatusView />;
    case 'settings':
      return <SettingsView />;
    default:
      return <PageHead back title={t('notFoundTitle')} />;
  }
}

/** Before the gateway has said whether somebody is signed in. */
function Waiting() {
  const { client } = useApp();
  const { t } = useWords();
  if (client.down.value) {
    return (
      <>
        <PageHead title={t('appName')} />
        <Failure problem={{ status: null, code: 'UNREACHABLE' }} reload={() => void client.probe()} />
      </>
    );
  }
  return (
    <>
      <PageHead title={t('appName')} />
      <p class="muted">{t('loading')}</p>
    </>
  );
}

function Brand() {
  const { t } = useWords();
  const signIn = useApp().signIn.value;
  const site = signIn.state === 'in' ? signIn.session.site?.name : undefined;
  return (
    <a class="brand" href="#/">
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="9" />
        <path d="M9 23V13a7 7 0 0 1 14 0v10M16 23v-8" />
      </svg>
      <span class="brand-name">{t('appName')}</span>
      {site !== undefined && <span class="brand-site">{site}</span>}
    </a>
  );
}

const places: readonly {
  view: 'stock' | 'live' | 'status' | 'settings';
  href: string;
  icon: IconName;
  word: PlainKey;
}[] = [
  { view: 'stock', href: '#/', icon: 'stock', word: 'navStock' },
  { view: 'live', href: '#/live', icon: 'live', word: 'navLive' },
  { view: 'status', href: '#/status', icon: 'status', word: 'navStatus' },
  { view: 'settings', href: '#/settings', icon: 'settings', word: 'navSettings' },
];

function Nav() {
  const { t } = useWords();
  const { view } = useApp().router.route.value;
  const current = view === 'product' || view === 'item' ? 'stock' : view;
  return (
    <nav aria-label={t('navLabel')}>
      {places.map((place) => (
        <a key={place.view} href={place.href} aria-current={place.view === current ? 'page' : undefined}>
          <Icon name={place.icon} />
          <span>{t(place.word)}</span>
        </a>
      ))}
    </nav>
  );
}
