import type { ReaderStatus } from '../../contract/index.ts';
import { useWords } from '../state/context.ts';
import { checkWords } from '../words/check.ts';
import { Chip, type Tone } from './chip.tsx';
import { Fact } from './fact.tsx';
import { FaultText } from './fault-text.tsx';
import { Icon } from './icon.tsx';
import { ReaderAntennas } from './reader-antennas.tsx';
import { Ago, Since } from './time.tsx';

const tones: Readonly<Record<string, Tone>> = { open: 'ok', opening: 'warn', waiting: 'bad', closed: 'plain' };

/** One reader: is it connected, since when, does it read, and what of its reads had no effect. */
export function ReaderCard({ reader }: { reader: ReaderStatus }) {
  const { t, word, format } = useWords();
  const rate = reader.antennas.reduce((sum, antenna) => sum + antenna.rate, 0);
  return (
    <li class="card">
      <div class="section-head">
        <h3>{reader.id}</h3>
        <span class="head-state">
          <Chip tone={tones[reader.link.state] ?? 'plain'}>{word('link', reader.link.state) ?? reader.link.state}</Chip>
          <span class="muted small">
            <Since at={reader.link.since} />
          </span>
        </span>
      </div>
      {reader.link.error !== null && (
        <p class="notice notice-bad">
          <Icon name="warning" />
          <span class="notice-body">
            <FaultText fault={reader.link.fault} text={reader.link.error} />
          </span>
        </p>
      )}
      <Findings reader={reader} />
      <dl class="facts">
        <Fact name={t('readerLastRead')}>
          {reader.lastReadAt === null ? t('none') : <Ago at={reader.lastReadAt} />}
        </Fact>
        <Fact name={t('readerReads')}>
          <span class="figure">{format.count(reader.reads)}</span>
        </Fact>
        <Fact name={t('readerRate')}>
          <span class="figure">{format.rate(rate)}</span> {t('livePerSecond')}
        </Fact>
        <Fact name={t('readerClock')}>
          {reader.clockOffsetMs === null ? t('readerClockNone') : format.offset(reader.clockOffsetMs)}
        </Fact>
        <Fact name={t('readerProfile')}>{reader.profile}</Fact>
        <Fact name={t('readerAddress')}>{reader.link.address}</Fact>
        {reader.link.error === null && reader.lastError !== null && (
          <Fact name={t('readerLastError')}>
            <FaultText fault={reader.lastError.fault} text={reader.lastError.text} /> <Ago at={reader.lastError.at} />
          </Fact>
        )}
        {reader.identity !== null && <Fact name={t('readerIdentity')}>{reader.identity}</Fact>}
      </dl>
      <ReaderAntennas antennas={reader.antennas} />
      <Counts name={t('readerRejected')} counts={reader.rejected} />
      <Counts name={t('readerWarnings')} counts={reader.warnings} />
    </li>
  );
}

/** What is wrong with it and what to do; what its link says stands above. */
function Findings({ reader }: { reader: ReaderStatus }) {
  const words = useWords();
  const wrong = reader.findings.filter(({ state, code }) => state !== 'ok' && code !== 'READER_OFFLINE');
  return (
    <>
      {wrong.map((finding) => {
        const { text, next, own } = checkWords(words, { ...finding, name: '' });
        return (
          <p key={finding.code} class={`notice ${finding.state === 'fail' ? 'notice-bad' : 'notice-warn'}`}>
            <Icon name="warning" />
            <span class="notice-body" {...(own ? {} : { lang: 'en' })}>
              {text} <span class="muted">{next}</span>
            </span>
          </p>
        );
      })}
    </>
  );
}

function Counts({ name, counts }: { name: string; counts: Readonly<Record<string, number>> }) {
  const { word, format } = useWords();
  const rows = Object.entries(counts).filter(([, count]) => count > 0);
  if (rows.length === 0) return null;
  return (
    <>
      <h4>{name}</h4>
      <ul class="counts">
        {rows.map(([reason, count]) => (
          <li key={reason} title={reason}>
            {word('effect', reason) ?? <code>{reason}</code>}
            <span class="figure">{format.count(count)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
