import type { HistoryRow } from '../../contract/index.ts';
import { usePlaceName, useWords } from '../state/context.ts';
import type { Wording } from '../words/index.ts';
import type { Tone } from './chip.tsx';

const tones: Readonly<Record<string, Tone>> = {
  'item.arrived': 'ok',
  'item.moved': 'info',
  'item.departed': 'plain',
  'item.sold': 'info',
  'item.returned': 'warn',
  'item.alert': 'bad',
};

/** What an event means to staff, for its dot on the time line. */
export function eventTone(row: HistoryRow): Tone {
  return tones[row.type] ?? 'plain';
}

/** One event in plain words. */
export function EventLine({ row }: { row: HistoryRow }) {
  return <>{sentence(row, useWords(), usePlaceName())}</>;
}

function sentence(row: HistoryRow, { t, word }: Wording, name: (id: string | null) => string | null): string {
  const place = name(row.location) ?? t('somewhere');
  const from = name(row.fromLocation);
  const lifecycle = word('life', row.lifecycle) ?? row.lifecycle;
  switch (row.type) {
    case 'item.arrived':
      return t('event_arrived', { place });
    case 'item.moved':
      return from === null || from === place ? t('event_movedTo', { place }) : t('event_moved', { from, place });
    case 'item.departed':
      return t('event_departed', { place: from ?? place });
    case 'item.sold':
      return t('event_sold');
    case 'item.returned':
      return t('event_returned');
    case 'item.alert':
      return t('event_alert', { what: alertWord(row.alert, word) ?? row.input });
    case 'item.ignored':
      return t('event_ignored', { what: row.input });
    default:
      return t('event_changed', { what: row.fromLifecycle === row.lifecycle ? row.input : lifecycle });
  }
}

function alertWord(alert: string | null, word: Wording['word']): string | null {
  return alert === null ? null : (word('alert', alert) ?? alert);
}
