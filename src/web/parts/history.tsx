import type { HistoryRow } from '../../contract/index.ts';
import { useApp, useWords } from '../state/context.ts';
import { usePages } from '../state/load.ts';
import { EventLine, eventTone } from './event-line.tsx';
import { LoadState } from './load-state.tsx';
import { When } from './time.tsx';

/** All that happened to an item, newest first. */
export function History({ id }: { id: string }) {
  const { t } = useWords();
  const { changes } = useApp();
  const history = usePages<HistoryRow>(`/items/${encodeURIComponent(id)}/history?limit=20`, changes);
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">{t('itemHistory')}</h2>
      <LoadState {...history} has={history.rows !== null}>
        {history.rows?.length === 0 ? (
          <p class="muted">{t('itemNoHistory')}</p>
        ) : (
          <ol class="timeline">
            {history.rows?.map((row) => (
              <li key={row.seq} class={`tone-${eventTone(row)}`}>
                <strong>
                  <EventLine row={row} />
                </strong>
                <When at={row.at} />
                <Source row={row} />
              </li>
            ))}
          </ol>
        )}
        {history.more !== null && (
          <button type="button" class="button more" onClick={history.more}>
            {t('loadMore')}
          </button>
        )}
      </LoadState>
    </section>
  );
}

function Source({ row }: { row: HistoryRow }) {
  const { t } = useWords();
  if (row.readPoint === null && row.reader === null) return null;
  const reader =
    row.reader === null || row.antenna === null
      ? row.reader
      : t('itemReaderAntenna', { reader: row.reader, antenna: row.antenna });
  return <span class="muted small">{[row.readPoint, reader].filter((part) => part !== null).join(' · ')}</span>;
}
