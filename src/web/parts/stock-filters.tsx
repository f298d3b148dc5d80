import { bucketOrder } from '../state/buckets.ts';
import { useApp, usePlaceName, useWords } from '../state/context.ts';
import type { StockFilter } from '../state/found.ts';
import { Icon } from './icon.tsx';

type Props = { readonly filter: StockFilter; readonly onChange: (filter: StockFilter) => void };

/** Location and stock-state filters, and what is active as chips: a filter that one forgot must not look like no stock. */
export function StockFilters({ filter, onChange }: Props) {
  const { t, word } = useWords();
  const { locations } = useApp();
  const known = locations.value.some((location) => location.id === filter.location);
  return (
    <div class="filters">
      <label class="field">
        <span class="field-name">{t('filterLocation')}</span>
        <select
          value={filter.location}
          onChange={(event) => onChange({ ...filter, location: event.currentTarget.value })}
        >
          <option value="">{t('filterAllLocations')}</option>
          {!known && filter.location !== '' && <option value={filter.location}>{filter.location}</option>}
          {locations.value.map((location) => (
            <option key={location.id} value={location.id}>
              {location.name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-name">{t('filterBucket')}</span>
        <select value={filter.bucket} onChange={(event) => onChange({ ...filter, bucket: event.currentTarget.value })}>
          <option value="">{t('filterAllBuckets')}</option>
          {bucketOrder.map((bucket) => (
            <option key={bucket} value={bucket}>
              {word('bucket', bucket) ?? bucket}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** The active search and filters, each with its own way out. */
export function ActiveFilters({ filter, onChange }: Props) {
  const { t, word } = useWords();
  const placeName = usePlaceName();
  const chips = [
    { part: 'q', value: filter.q, text: t('chipSearch', { what: filter.q }) },
    { part: 'location', value: filter.location, text: t('chipLocation', { what: placeName(filter.location) ?? '' }) },
    {
      part: 'bucket',
      value: filter.bucket,
      text: t('chipBucket', { what: word('bucket', filter.bucket) ?? filter.bucket }),
    },
  ].filter((chip) => chip.value !== '');
  if (chips.length === 0) return null;
  return (
    <ul class="active-filters" aria-label={t('filtersActive')}>
      {chips.map((chip) => (
        <li key={chip.part}>
          <button
            type="button"
            class="button filter-chip"
            aria-label={t('filterRemove', { what: chip.text })}
            onClick={() => onChange({ ...filter, [chip.part]: '' })}
          >
            <span class="clip">{chip.text}</span>
            <Icon name="clear" />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button
            type="button"
            class="button button-bare"
            onClick={() => onChange({ q: '', location: '', bucket: '' })}
          >
            {t('filterClearAll')}
          </button>
        </li>
      )}
    </ul>
  );
}
