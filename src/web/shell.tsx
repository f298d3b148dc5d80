import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { DownBanner } from './parts/banner.tsx';
import { FeedChip } from './parts/feed-chip.tsx';
import { Icon } from './parts/icon.tsx';
import { Failure } from './parts/load-state.tsx';
import { NoAccess } from './parts/no-access.tsx';
import { PageHead } from './parts/page-head.tsx';
import { ScanNote } from './parts/scan-note.tsx';
import { firstView, isOpenTo, pages } from './state/access.ts';
import { useApp, useMay, useWords } from './state/context.ts';
import type { Route } from './state/route.ts';
import { ItemView } from './views/item.tsx';
import { LiveView } from './views/live.tsx';
import { ProductView } from './views/product.tsx';
import { SettingsView } from './views/settings.tsx';
import { SignInView } from './views/sign-in.tsx';
import { StatusView } from './views/status.tsx';
import { StockView } from './views/stock.tsx';

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
        {useMay('events:read') && <FeedChip />}
      </header>
      <DownBanner />
      <main id="main" tabIndex={-1}>
        {signIn.state === 'in' && <View route={app.router.route.value} />}
        {signIn.state === 'out' && <SignInView problem={signIn.problem} />}
        {signIn.state === 'checking' && <Waiting />}
      </main>
      {signIn.state === 'in' && <ScanNote />}
    </>
  );
}

/** The page of a route. Who may not see stock begins at what they may see. */
function View({ route }: { route: Route }): ComponentChildren {
  const { router, signIn } = useApp();
  const access = signIn.value;
  const allowed = isOpenTo(access, route.view);
  const isDoor = route.view === 'stock' && route.q === '';
  useEffect(() => {
    if (!allowed && isDoor) router.go({ view: firstView(access) }, true);
  }, [allowed, isDoor]);
  if (allowed) return <Page route={route} />;
  return isDoor ? null : <NoAccess />;
}

function Page({ route }: { route: Route }): ComponentChildren {
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

const places = {
  stock: { href: '#/', icon: 'stock', word: 'navStock' },
  live: { href: '#/live', icon: 'live', word: 'navLive' },
  status: { href: '#/status', icon: 'status', word: 'navStatus' },
  settings: { href: '#/settings', icon: 'settings', word: 'navSettings' },
} as const;

function Nav() {
  const { t } = useWords();
  const { router, signIn } = useApp();
  const { view } = router.route.value;
  const access = signIn.value;
  const current = view === 'product' || view === 'item' ? 'stock' : view;
  return (
    <nav aria-label={t('navLabel')}>
      {pages
        .filter((page) => isOpenTo(access, page))
        .map((page) => (
          <a key={page} href={places[page].href} aria-current={page === current ? 'page' : undefined}>
            <Icon name={places[page].icon} />
            <span>{t(places[page].word)}</span>
          </a>
        ))}
    </nav>
  );
}
