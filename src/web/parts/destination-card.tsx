import { useSignal } from '@preact/signals';
import type { DestinationStatus, Resent } from '../../contract/index.ts';
import type { Problem, Result } from '../gateway/client.ts';
import { useApp, useMay, useWords } from '../state/context.ts';
import { Chip, type Tone } from './chip.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { Fact } from './fact.tsx';
import { FaultText } from './fault-text.tsx';
import { Icon } from './icon.tsx';
import { Failure } from './load-state.tsx';
import { Ago, Since } from './time.tsx';

const tones: Readonly<Record<string, Tone>> = { ok: 'ok', retrying: 'warn', paused: 'warn', disabled: 'bad' };

type Props = { readonly destination: DestinationStatus; readonly changed: () => void };

/** One CRM destination: does it take events, what waits, what was refused, and the way back. */
export function DestinationCard({ destination, changed }: Props) {
  const { word } = useWords();
  return (
    <li class="card">
      <div class="section-head">
        <h3>{destination.id}</h3>
        <span class="head-state">
          <Chip tone={tones[destination.state] ?? 'plain'}>{word('dest', destination.state) ?? destination.state}</Chip>
          <span class="muted small">
            <Since at={destination.since} />
          </span>
        </span>
      </div>
      {destination.lastError !== null && destination.state !== 'ok' && (
        <p class="notice notice-bad">
          <Icon name="warning" />
          <span class="notice-body">
            <FaultText fault={destination.lastFault} text={destination.lastError} />
          </span>
        </p>
      )}
      <Facts destination={destination} />
      {useMay('crm:admin') && <Actions destination={destination} changed={changed} />}
      {destination.dead > 0 && <DeadLetters destination={destination.id} />}
    </li>
  );
}

function Facts({ destination }: { destination: DestinationStatus }) {
  const { t, format } = useWords();
  const time = (at: number | null) => (at === null ? t('none') : <Ago at={at} />);
  return (
    <dl class="facts">
      <Fact name={t('destWaiting')}>
        <span class="figure">{format.count(destination.waiting)}</span>
      </Fact>
      <Fact name={t('destDead')}>
        <span class="figure">{format.count(destination.dead)}</span>
      </Fact>
      <Fact name={t('destDelivered')}>
        <span class="figure">{format.count(destination.delivered)}</span>
      </Fact>
      <Fact name={t('destLastSuccess')}>{time(destination.lastSuccessAt)}</Fact>
      {destination.waiting > 0 && <Fact name={t('destOldest')}>{time(destination.oldestWaitingAt)}</Fact>}
      {destination.failures > 0 && (
        <Fact name={t('destFailures')}>
          <span class="figure">{format.count(destination.failures)}</span>
        </Fact>
      )}
      {destination.nextAttemptAt !== null && <Fact name={t('destNext')}>{time(destination.nextAttemptAt)}</Fact>}
      {destination.lastError !== null && destination.state === 'ok' && (
        <Fact name={t('destLastError')}>
          <FaultText fault={destination.lastFault} text={destination.lastError} />
        </Fact>
      )}
      <Fact name="URL">{destination.url}</Fact>
    </dl>
  );
}

function Actions({ destination, changed }: Props) {
  const { t, format } = useWords();
  const { client } = useApp();
  const done = useSignal('');
  const problem = useSignal<Problem | null>(null);
  const path = `/destinations/${encodeURIComponent(destination.id)}`;
  const after = <T,>(result: Result<T>, say: (data: T) => string) => {
    problem.value = result.ok ? null : result.problem;
    done.value = result.ok ? say(result.data) : '';
    changed();
  };
  const enable = async () => after(await client.send('POST', `${path}/enable`), () => t('destEnabled'));
  const resend = async () =>
    after(await client.send<Resent>('POST', `${path}/resend`, { seqs: null }), ({ resent }) =>
      t('destResent', { n: format.count(resent) }),
    );
  return (
    <>
      <div class="actions">
        {(destination.state === 'disabled' || destination.state === 'paused') && (
          <button type="button" class="button button-primary" onClick={() => void enable()}>
            {t('destEnable')}
          </button>
        )}
        {destination.dead > 0 && (
          <button type="button" class="button" onClick={() => void resend()}>
            {t('destResend')}
          </button>
        )}
        <span role="status">{done.value}</span>
      </div>
      {problem.value !== null && <Failure problem={problem.value} reload={changed} />}
    </>
  );
}
