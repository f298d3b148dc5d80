import { type ReadonlySignal, signal } from '@preact/signals';

/** Where in the app one is. It lives in the address's hash, so that every page can be linked and no server route is needed. */
export type Route =
  | { readonly view: 'stock'; readonly q: string; readonly location: string; readonly bucket: string }
  | { readonly view: 'product'; readonly gtin: string; readonly lifecycle: string }
  | { readonly view: 'item'; readonly epc: string }
  | { readonly view: 'live' | 'status' | 'settings' | 'missing' };

/** The route of a hash such as `#/item/3034…` or `#/?q=襯衫&location=floor`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const asked = new URLSearchParams(query);
  const [, view = '', subject = ''] = path.split('/', 3);
  if (view === '') {
    return {
      view: 'stock',
      q: asked.get('q') ?? '',
      location: asked.get('location') ?? '',
      bucket: asked.get('bucket') ?? '',
    };
  }
  if (view === 'product' && subject !== '') {
    return { view, gtin: decode(subject), lifecycle: asked.get('lifecycle') ?? '' };
  }
  if (view === 'item' && subject !== '') return { view, epc: decode(subject) };
  if (view === 'live' || view === 'status' || view === 'settings') return { view };
  return { view: 'missing' };
}

/** The hash that leads to a route. */
export function hrefOf(route: Route): string {
  switch (route.view) {
    case 'stock':
      return `#/${queryOf({ q: route.q, location: route.location, bucket: route.bucket })}`;
    case 'product':
      return `#/product/${encodeURIComponent(route.gtin)}${queryOf({ lifecycle: route.lifecycle })}`;
    case 'item':
      return `#/item/${encodeURIComponent(route.epc)}`;
    default:
      return `#/${route.view}`;
  }
}

/** `?a=1&b=2` of the values that are not empty; '' when none is left. */
export function queryOf(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

export type Router = {
  readonly route: ReadonlySignal<Route>;
  /** The last search, so that going back to stock does not lose it. */
  readonly stock: ReadonlySignal<Route>;
  /** Goes there; `replace` leaves no step for the back button (typing in the search box). */
  go(route: Route, replace?: boolean): void;
};

/** Follows the address bar. */
export function createRouter(): Router {
  const route = signal(parseRoute(location.hash));
  const stock = signal<Route>(parseRoute('#/'));
  const follow = () => {
    route.value = parseRoute(location.hash);
    if (route.value.view === 'stock') stock.value = route.value;
  };
  follow();
  addEventListener('hashchange', follow);
  return {
    route,
    stock,
    go(next, replace = false) {
      const href = hrefOf(next);
      if (replace) history.replaceState(null, '', href);
      else location.hash = href;
      follow();
    },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
