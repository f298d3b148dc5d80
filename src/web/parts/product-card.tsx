import { isSellable, type ProductStock } from '../state/buckets.ts';
import { usePlaceName, useWords } from '../state/context.ts';
import { hrefOf } from '../state/route.ts';
import { Chip } from './chip.tsx';
import { Name } from './name.tsx';

type Props = {
  readonly product: ProductStock;
  /** False while further lines of this product may be on the next page: the sum is then a lower bound. */
  readonly whole: boolean;
};

/** A phone's row has room for so many lots; its style hides the others, which stand on the product's page. */
const lotsOfRow = 3;

/** One product: how many may be sold, and where each lot is. */
export function ProductCard({ product, whole }: Props) {
  const { t, format } = useWords();
  const sum = format.count(product.sellable);
  const hidden = product.rows.length - lotsOfRow;
  const none = product.rows.length === 0;
  return (
    <li class="product">
      <div class="product-name">
        <h2>
          <a href={hrefOf({ view: 'product', gtin: product.gtin, lifecycle: '' })}>
            <Name text={product.name ?? t('unknownName')} />
          </a>
        </h2>
        <p class="codes">
          {product.sku !== null && <span>{product.sku}</span>}
          <span>{product.gtin}</span>
        </p>
      </div>
      <p class="sellable">
        <span class={product.sellable === 0 ? 'big muted' : 'big'}>{whole ? sum : t('atLeast', { n: sum })}</span>
        <span class="label">{t('sellable')}</span>
      </p>
      {none ? (
        <p class="sold-out">
          <Chip tone="plain">{t('soldOut')}</Chip>
        </p>
      ) : (
        <div class="product-lots">
          <StockLines product={product} />
          {hidden > 0 && <span class="lots-more muted small">{t('lotsMore', { n: format.count(hidden) })}</span>}
        </div>
      )}
    </li>
  );
}

/** Quantity per place and stock state. What cannot be sold carries its state as a chip. */
export function StockLines({ product }: { product: ProductStock }) {
  const { word, format } = useWords();
  const placeName = usePlaceName();
  return (
    <ul class="lots">
      {product.rows.map((row) => (
        <li key={`${row.location} ${row.bucket}`}>
          <span class="lot-place" title={placeName(row.location) ?? ''}>
            {placeName(row.location)}
          </span>
          {!isSellable(row.bucket) && (
            <Chip tone={row.bucket === 'missing' ? 'bad' : row.bucket === 'held' ? 'warn' : 'info'}>
              {word('bucket', row.bucket) ?? row.bucket}
            </Chip>
          )}
          <span class="figure">{format.count(row.quantity)}</span>
        </li>
      ))}
    </ul>
  );
}
