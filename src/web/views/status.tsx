import type { Check, DestinationStatus, DoctorReport, ReaderStatus, Rows } from '../../contract/index.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { DestinationCard } from '../parts/destination-card.tsx';
import { Empty, LoadState } from '../parts/load-state.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ReaderCard } from '../parts/reader-card.tsx';
import { useApp, useMay, useWords } from '../state/context.ts';
import { useLoad } from '../state/load.ts';
import { checkWords } from '../words/check.ts';

/** Whether everything works, and what to do where it does not. */
export function StatusView() {
  const { t } = useWords();
  const seesReaders = useMay('readers:read');
  const seesDestinations = useMay('crm:read');
  return (
    <>
      <PageHead title={t('navStatus')} />
      {seesReaders && <Doctor />}
      {seesReaders && <Readers />}
      {seesDestinations && <Destinations />}
    </>
  );
}

function Readers() {
  const { t } = useWords();
  const { statusChanges } = useApp();
  const readers = useLoad<Rows<ReaderStatus>>('/readers', statusChanges);
  return (
    <section aria-labelledby="readers">
      <h2 id="readers">{t('statusReaders')}</h2>
      <LoadState {...readers} has={readers.data !== null}>
        {readers.data?.rows.length === 0 ? (
          <Empty icon="live" title={t('statusNoReaders')} help={t('statusNoReadersHelp')} />
        ) : (
          <ul class="cards">
            {readers.data?.rows.map((reader) => (
              <ReaderCard key={reader.id} reader={reader} />
            ))}
          </ul>
        )}
      </LoadState>
    </section>
  );
}

function Destinations() {
  const { t } = useWords();
  const { statusChanges } = useApp();
  const destinations = useLoad<Rows<DestinationStatus>>('/destinations', statusChanges);
  return (
    <section aria-labelledby="destinations">
      <h2 id="destinations">{t('statusDestinations')}</h2>
      <LoadState {...destinations} has={destinations.data !== null}>
        {destinations.data?.rows.length === 0 ? (
          <Empty icon="status" title={t('statusNoDestinations')} help={t('statusNoDestinationsHelp')} />
        ) : (
          <ul class="cards">
            {destinations.data?.rows.map((destination) => (
              <DestinationCard key={destination.id} destination={destination} changed={destinations.reload} />
            ))}
          </ul>
        )}
      </LoadState>
    </section>
  );
}

const tones: Readonly<Record<string, Tone>> = { ok: 'ok', warn: 'warn', fail: 'bad' };

function worstFirst(checks: readonly Check[]): readonly Check[] {
  const order = ['fail', 'warn', 'ok'];
  return checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function CheckLine({ check }: { check: Check }) {
  const words = useWords();
  const { name, text, next, own } = checkWords(words, check);
  const lang = own ? {} : { lang: 'en' };
  return (
    <li class="check">
      <Chip tone={tones[check.state] ?? 'plain'}>{words.word('check', check.state) ?? check.state}</Chip>
      <span class="row-main">
        <span>
          <strong>{name}</strong> <span {...lang}>{text}</span>
        </span>
        {next !== null && (
          <span class="muted" {...lang}>
            {next}
          </span>
        )}
      </span>
    </li>
  );
}

function Doctor() {
  const { t } = useWords();
  const { statusChanges } = useApp();
  const doctor = useLoad<DoctorReport>('/doctor', statusChanges);
  return (
    <section aria-labelledby="doctor">
      <h2 id="doctor">{t('statusDoctor')}</h2>
      <LoadState {...doctor} has={doctor.data !== null}>
        <ul class="card list checks">
          {worstFirst(doctor.data?.checks ?? []).map((check) => (
            <CheckLine key={`${check.name} ${check.code}`} check={check} />
          ))}
        </ul>
      </LoadState>
    </section>
  );
}
