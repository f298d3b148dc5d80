import type { AntennaStatus } from '../../contract/index.ts';
import { useWords } from '../state/context.ts';
import { Chip, type Tone } from './chip.tsx';

const tones: Readonly<Record<string, Tone>> = { ok: 'ok', learning: 'plain', quiet: 'warn', dead: 'bad', off: 'bad' };

/** What each antenna of a reader reads, beside what is usual for it. */
export function ReaderAntennas({ antennas }: { antennas: readonly AntennaStatus[] }) {
  const { t, word, format } = useWords();
  if (antennas.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('antenna')}</th>
          <th scope="col" class="number">
            {t('livePerSecond')}
          </th>
          <th scope="col" class="number">
            {t('antennaUsual')}
          </th>
          <th scope="col">{t('antennaHealth')}</th>
        </tr>
      </thead>
      <tbody>
        {antennas.map(({ antenna, readPoint, rate, baseline, health }) => (
          <tr key={antenna}>
            <th scope="row">
              {antenna ?? t('none')} <span class="muted small">{readPoint}</span>
            </th>
            <td class="number figure">{format.rate(rate)}</td>
            <td class="number figure">{baseline === null ? t('none') : format.rate(baseline)}</td>
            <td>
              <Chip tone={tones[health] ?? 'plain'}>{word('antennaHealth', health) ?? health}</Chip>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
