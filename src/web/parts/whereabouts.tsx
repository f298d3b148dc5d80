import type { ItemDetail } from '../../contract/index.ts';
import { useApp, usePlaceName, useWords } from '../state/context.ts';
import { Icon } from './icon.tsx';
import { SignalBars } from './signal-bars.tsx';
import { When } from './time.tsx';

const here: readonly string[] = ['PRESENT', 'EXITING'];

/** Where an item is believed to be and since when; and apart from that where, when and by what it was read last. */
export function Whereabouts({ item }: { item: ItemDetail }) {
  const { t } = useWords();
  const place = usePlaceName()(item.location);
  return (
    <section class="card seen" aria-labelledby="place">
      <h2 id="place">{t(here.includes(item.presence) ? 'itemPlaceNow' : 'itemPlaceLast')}</h2>
      <p class="seen-place">
        <Icon name="place" />
        <span>{place ?? t('itemPlaceUnknown')}</span>
      </p>
      {item.placeSince !== null && <PlaceSince at={item.placeSince} booked={item.placeSource === 'business'} />}
      <LastRead item={item} />
    </section>
  );
}

function PlaceSince({ at, booked }: { at: number; booked: boolean }) {
  const { t, format } = useWords();
  const now = useApp().now.value;
  return (
    <p>
      <time dateTime={new Date(at).toISOString()} title={format.at(at)}>
        {t('itemAtSince', { time: format.clock(at, now) })}
      </time>
      {booked && <span class="muted"> · {t('itemPlaceBooked')}</span>}
    </p>
  );
}

function LastRead({ item: { lastSeen, location } }: { item: ItemDetail }) {
  const { t } = useWords();
  const placeName = usePlaceName();
  if (lastSeen === null) return <p class="last-read muted">{t('itemNeverSeen')}</p>;
  const { at, readPoint, reader, antenna, rssi } = lastSeen;
  const where = [placeName(lastSeen.location), readPoint].filter((part) => part !== null).join(' · ');
  const elsewhere = lastSeen.location !== null && lastSeen.location !== location;
  const by = reader === null || antenna === null ? reader : t('itemReaderAntenna', { reader, antenna });
  return (
    <div class={elsewhere ? 'last-read last-read-elsewhere' : 'last-read'}>
      <h3>{t('itemLastSeen')}</h3>
      <p>
        <strong>{where === '' ? t('itemReadSomewhere') : where}</strong> <When at={at} />
      </p>
      {elsewhere && <p>{t('itemReadElsewhere')}</p>}
      {by !== null && (
        <p class="last-read-by muted small">
          <span>{by}</span>
          {rssi !== null && <SignalBars rssi={rssi} />}
        </p>
      )}
    </div>
  );
}
