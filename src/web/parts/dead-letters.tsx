import { useSignal } from '@preact/signals';
import type { DeadLetter } from '../../contract/index.ts';
import { useWords } from '../state/context.ts';
import { usePages } from '../state/load.ts';
import { FaultText } from './fault-text.tsx';
import { LoadState } from './load-state.tsx';
import { Ago } from './time.tsx';

/** The events a destination refused for good, on demand. */
export function DeadLetters({ destination }: { destination: string }) {
  const { t } = useWords();
  const open = useSignal(false);
  return (
    <details
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{t('destShowDead')}</summary>
      {open.value && <List destination={destination} />}
    </details>
  );
}

function List({ destination }: { destination: string }) {
  const { t } = useWords();
  const letters = usePages<DeadLetter>(`/destinations/${encodeURIComponent(destination)}/dead-letters?limit=20`);
  return (
    <LoadState {...letters} has={letters.rows !== null}>
      <ul class="dead-letters">
        {letters.rows?.map((letter) => (
          <li key={letter.seq}>
            <strong>{letter.type}</strong>
            <span class="break">{letter.lane}</span>
            <span class="muted small">
              {letter.status} <FaultText fault={letter.fault} text={letter.reason} />
            </span>
            <span class="muted small">
              <Ago at={letter.diedAt} />
            </span>
          </li>
        ))}
      </ul>
      {letters.more !== null && (
        <button type="button" class="button more" onClick={letters.more}>
          {t('loadMore')}
        </button>
      )}
    </LoadState>
  );
}
