import { Icon } from '../parts/icon.tsx';
import { Empty, LoadState } from '../parts/load-state.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProductCard } from '../parts/product-card.tsx';
import { SearchBox } from '../parts/search-box.tsx';
import { ActiveFilters, StockFilters } from '../parts/stock-filters.tsx';
import { useApp, useWords } from '../state/context.ts';
import { type Found, type StockFilter, useFound } from '../state/found.ts';

/** Home: how many of what are where. */
export function StockView({ filter }: { filter: StockFilter }) {
  const { t } = useWords();
  const { router } = useApp();
  const found = useFound(filter);
  const change = (next: StockFilter) => router.go({ view: 'stock', ...next }, true);
  const search = (q: string) => {
    // The route may have moved on since this was painted.
    const now = router.route.value;
    change(now.view === 'stock' ? { location: now.location, bucket: now.bucket, q } : { ...filter, q });
  };
  return (
    <>
      <div class="wide-head">
        <PageHead title={t('navStock')} />
      </div>
      <div class="finder">
        <SearchBox q={filter.q} onSearch={search} />
        <StockFilters filter={filter} onChange={change} />
      </div>
      <ActiveFilters filter={filter} onChange={change} />
      <LoadState {...found} has={found.products !== null}>
        <Results found={found} filtered={Object.values(filter).some((value) => value !== '')} />
      </LoadState>
    </>
  );
}

function Results({ found, filtered }: { found: Found; filtered: boolean }) {
  const { t, format } = useWords();
  const { more } = found;
  const products = found.products ?? [];
  if (products.length === 0 && more === null) return <NoStock filtered={filtered} />;
  const n = format.count(products.length);
  return (
    <section class="results" aria-label={t('navStock')} aria-busy={found.loading}>
      <p class="summary" role="status">
        {more === null ? t('productsShown', { n }) : t('productsShownMore', { n })}
      </p>
      <ul class="products">
        {products.map((product) => (
          <ProductCard key={product.gtin} product={product} whole={found.isWhole(product.gtin)} />
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
