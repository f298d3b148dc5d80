import type { StockRow } from '../gateway/types.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, LoadState } from '../parts/load-state.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProductCard } from '../parts/product-card.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { ActiveFilters, type StockFilter, StockFilters } from '../parts/stock-filters.tsx';
import { byProduct } from '../state/buckets.ts';
import { useApp, useWords } from '../state/context.ts';
import { type Pages, usePages } from '../state/load.ts';
import { queryOf } from '../state/route.ts';
import { readSearch } from '../state/search-text.ts';

/** Home: how many of what are where. */
export function StockView({ filter }: { filter: StockFilter }) {
  const { t } = useWords();
  const { router, changes } = useApp();
  const pages = usePages<StockRow>(pathOf(filter), changes);
  const change = (next: StockFilter) => router.go({ view: 'stock', ...next }, true);
  const search = (q: string) => {
    // The route may have moved on since this was painted.
    const now = router.route.value;
    change(now.view === 'stock' ? { location: now.location, bucket: now.bucket, q } : { ...filter, q });
  };
  return (
    <>
      <PageHead title={t('navStock')} />
      <div class="finder">
        <SearchBox q={filter.q} onSearch={search} />
        <StockFilters filter={filter} onChange={change} />
      </div>
      <ActiveFilters filter={filter} onChange={change} />
      <LoadState {...pages} has={pages.rows !== null}>
        <Results pages={pages} filtered={Object.values(filter).some((value) => value !== '')} />
      </LoadState>
    </>
  );
}

function Results({ pages, filtered }: { pages: Pages<StockRow>; filtered: boolean }) {
  const { t, format } = useWords();
  const products = byProduct(pages.rows ?? []);
  if (products.length === 0) return <NoStock filtered={filtered} />;
  const n = format.count(products.length);
  const { more } = pages;
  return (
    <section aria-label={t('navStock')} aria-busy={pages.loading}>
      <p class="summary" role="status">
        {more === null ? t('productsShown', { n }) : t('productsShownMore', { n })}
      </p>
      <ul class="cards">
        {products.map((product, index) => (
          <ProductCard key={product.gtin} product={product} whole={more === null || index < products.length - 1} />
        ))}
      </ul>
      {more !== null && (
        <button type="button" class="button more" onClick={more}>
          <Icon name="next" />
          {t('loadMore')}
        </button>
      )}
    </section>
  );
}

function NoStock({ filtered }: { filtered: boolean }) {
  const { t } = useWords();
  return filtered ? (
    <Empty icon="search" title={t('stockNoneTitle')} help={t('stockNone')} />
  ) : (
    <Empty icon="stock" title={t('stockEmptyTitle')} help={t('stockEmpty')} />
  );
}

function pathOf(filter: StockFilter): string {
  const read = readSearch(filter.q);
  const asked =
    read.kind === 'gtin'
      ? { gtin: read.gtin }
      : { q: read.kind === 'text' ? read.text : read.kind === 'item' ? read.epc : '' };
  return `/stock${queryOf({ ...asked, location: filter.location, bucket: filter.bucket, limit: '100' })}`;
}
