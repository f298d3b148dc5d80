import type { AntennaRate } from '../../contract/index.ts';
import { useWords } from '../state/context.ts';

/** Reads per second by reader and antenna. */
export function AntennaTable({ rows }: { rows: readonly AntennaRate[] }) {
  const { t, format } = useWords();
  const antennaName = (reader: string, antenna: number | null) =>
    antenna === null ? reader : t('itemReaderAntenna', { reader, antenna });
  const fastest = Math.max(1, ...rows.map((row) => row.rate));
  return (
    <section class="card" aria-labelledby="antennas">
      <h2 id="antennas">{t('liveAntennas')}</h2>
      {rows.length === 0 ? (
        <p class="muted">{t('liveNoReads')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('liveReader')}</th>
              <th scope="col" class="number">
                {t('livePerSecond')}
              </th>
              <th scope="col" class="number">
                {t('liveUnique')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.reader} ${row.antenna}`}>
                <th scope="row">
                  {row.readPoint ?? row.reader}
                  <span class="muted small">{antennaName(row.reader, row.antenna)}</span>
                </th>
                <td class="number">
                  <span class="figure">{format.rate(row.rate)}</span>
                  <svg class="rate-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="bar-off" width="100" height="4" />
                    <rect class="bar-on" width={(row.rate / fastest) * 100} height="4" />
                  </svg>
                </td>
                <td class="number figure">{format.count(row.unique)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
