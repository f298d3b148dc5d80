import { useApp, useWords } from '../state/context.ts';
import { Icon } from './icon.tsx';

/** Stands over every page while the gateway does not answer, and says how old what one sees is. */
export function DownBanner() {
  const { t, format } = useWords();
  const { client, now } = useApp();
  const down = client.down.value;
  const since = client.answeredAt();
  return (
    <div role="alert">
      {down && (
        <p class="banner">
          <Icon name="off" />
          {since === 0 ? t('bannerNoData') : t('bannerAge', { age: format.ago(since, now.value) })}
        </p>
      )}
    </div>
  );
}
