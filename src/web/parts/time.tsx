import { useApp, useWords } from '../state/context.ts';

/** How long ago, with the exact time in the tip. `at` is epoch ms. */
export function Ago({ at }: { at: number }) {
  const { format } = useWords();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.at(at)}>
      {format.ago(at, useApp().now.value)}
    </time>
  );
}

/** How long ago and the exact time, both in sight: for what staff act upon. */
export function When({ at }: { at: number }) {
  const { format } = useWords();
  const now = useApp().now.value;
  return (
    <time dateTime={new Date(at).toISOString()} title={format.at(at)} class="when">
      {format.ago(at, now)} <span class="muted">({format.clock(at, now)})</span>
    </time>
  );
}

/** Since when something holds: the exact time and how long ago. `at` is epoch ms. */
export function Since({ at }: { at: number }) {
  const { t, format } = useWords();
  const now = useApp().now.value;
  return (
    <time dateTime={new Date(at).toISOString()} title={format.at(at)}>
      {t('sinceAgo', { time: format.clock(at, now), ago: format.ago(at, now) })}
    </time>
  );
}
