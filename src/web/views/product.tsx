import type { Item, Page, Product, StockRow } from '../../contract/index.ts';
import { Lifecycle, Presence } from '../parts/chip.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, LoadState } from '../parts/load-state.tsx';
import { Name } from '../parts/name.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { StockLines } from '../parts/product-card.tsx';
import { Since } from '../parts/time.tsx';
import { byProduct } from '../state/buckets.ts';
import { useApp, usePlaceName, useWords } from '../state/context.ts';
import { useLoad, usePages } from '../state/load.ts';
import { hrefOf, queryOf } from '../state/route.ts';
import { serialOf } from '../state/tag-forms.ts';

const lifecycles = [
  'IN_STOCK',
  'ALLOCATED',
  'HELD',
  'EXPECTED',
  'UNREGISTERED',
  'OUTBOUND',
  'WITH_HOLDER',
  'IN_SERVICE',
  'SOLD',
  'MISSING',
  'STOLEN',
  'LOST',
  'RETIRED',
] as const;

/** One product: where, how many, and each of its items. */
export function ProductView({ gtin, lifecycle }: { gtin: string; lifecycle: string }) {
  const { t } = useWords();
  const { changes } = useApp();
  const product = useLoad<Product>(`/products/${encodeURIComponent(gtin)}`);
  const stock = useLoad<Page<StockRow>>(`/stock${queryOf({ gtin, limit: '200' })}`, changes);
  const lines = byProduct(stock.data?.rows ?? [])[0] ?? null;
  const name = product.data?.name ?? lines?.name ?? null;
  const sku = product.data?.sku ?? lines?.sku ?? null;
  return (
    <>
      <PageHead back title={name ?? t(product.problem?.code === 'NOT_FOUND' ? 'productUnentered' : 'unknownName')} />
      <p class="codes">
        {sku !== null && (
          <span>
            {t('sku')} {sku}
          </span>
        )}
        <span>
          {t('gtin')} {gtin}
        </span>
      </p>
      <div class="columns columns-side">
        <section class="card" aria-labelledby="where">
          <h2 id="where">{t('productWhere')}</h2>
          <LoadState {...stock} has={stock.data !== null}>
            {lines === null ? (
              <Empty icon="stock" title={t('productNoStock')} help={t('productNoStockHelp')} />
            ) : (
              <Where lines={lines} />
            )}
          </LoadState>
        </section>
        <Items gtin={gtin} lifecycle={lifecycle} />
      </div>
    </>
  );
}

function Where({ lines }: { lines: ReturnType<typeof byProduct>[number] }) {
  const { t, format } = useWords();
  return (
    <>
      <p class="sellable sellable-lead">
        <span class="big">{format.count(lines.sellable)}</span>
        <span class="label">{t('sellable')}</span>
      </p>
      <StockLines product={lines} />
    </>
  );
}

function Items({ gtin, lifecycle }: { gtin: string; lifecycle: string }) {
  const { t } = useWords();
  const { changes } = useApp();
  const items = usePages<Item>(`/items${queryOf({ gtin, lifecycle, limit: '50' })}`, changes);
  const rows = items.rows ?? [];
  return (
    <section aria-labelledby="items">
      <div class="section-head">
        <h2 id="items">{t('productItems')}</h2>
        <LifecycleFilter gtin={gtin} value={lifecycle} />
      </div>
      <LoadState {...items} has={items.rows !== null}>
        {rows.length === 0 ? (
          <Empty
            icon="search"
            title={t(lifecycle === '' ? 'productNoItems' : 'stockNoneTitle')}
            help={t(lifecycle === '' ? 'productNoItemsHelp' : 'stockNone')}
          />
        ) : (
          <ul class="card list">
            {rows.map((item) => (
              <ItemRow key={item.id} item={item} />
            ))}
          </ul>
        )}
        {items.more !== null && (
          <button type="button" class="button more" onClick={items.more}>
            {t('loadMore')}
          </button>
        )}
      </LoadState>
    </section>
  );
}

function LifecycleFilter({ gtin, value }: { gtin: string; value: string }) {
  const { t, word } = useWords();
  const { router } = useApp();
  return (
    <label class="field field-inline">
      <span>{t('itemLifecycleFilter')}</span>
      <select
        value={value}
        onChange={(event) => router.go({ view: 'product', gtin, lifecycle: event.currentTarget.value }, true)}
      >
        <option value="">{t('filterAllLifecycles')}</option>
        {lifecycles.map((lifecycle) => (
          <option key={lifecycle} value={lifecycle}>
            {word('life', lifecycle)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ItemRow({ item }: { item: Item }) {
  const { t } = useWords();
  const placeName = usePlaceName();
  return (
    <li>
      <a class="row" href={hrefOf({ view: 'item', epc: item.id })}>
        <span class="row-main">
          <strong>
            <Name text={placeName(item.location) ?? t('itemPlaceUnknown')} />
          </strong>
          {item.placeSince !== null && <Since at={item.placeSince} />}
          <span class="codes">
            {t('serial')} {serialOf(item)}
          </span>
        </span>
        <span class="row-side">
          <Lifecycle value={item.lifecycle} />
          {item.presence !== 'PRESENT' && item.lifecycle === 'IN_STOCK' && <Presence value={item.presence} />}
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}
