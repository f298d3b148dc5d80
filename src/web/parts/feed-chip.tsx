import { useApp, useWords } from '../state/context.ts';
import type { PlainKey } from '../words/index.ts';
import { Chip, type Tone } from './chip.tsx';

const says: Readonly<Record<string, { word: PlainKey; tone: Tone }>> = {
  open: { word: 'feedOpen', tone: 'ok' },
  connecting: { word: 'feedConnecting', tone: 'warn' },
  waiting: { word: 'feedWaiting', tone: 'bad' },
  off: { word: 'feedOff', tone: 'plain' },
};

/** Whether live messages come, and since when: a picture that stands still must not look like a quiet store. */
export function FeedChip() {
  const { t, format } = useWords();
  const { feed, now } = useApp();
  const { word, tone } = says[feed.state.value] ?? { word: 'feedOff', tone: 'plain' };
  const state = t(word);
  return (
    <span
      class="feed-chip"
      role="status"
      title={t('feedSince', { state, time: format.clock(feed.since.value, now.value) })}
    >
      <Chip tone={tone}>
        <span class={`dot dot-${feed.state.value}`} />
        {state}
      </Chip>
    </span>
  );
}
