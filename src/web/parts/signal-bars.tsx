import { useWords } from '../state/context.ts';
import { litBars } from '../words/format.ts';

const bars = [1, 2, 3, 4, 5];

/** Signal strength as bars and as a number: shape and figure, never colour alone. `rssi` is dBm. */
export function SignalBars({ rssi }: { rssi: number | null }) {
  const { t, format } = useWords();
  if (rssi === null) return <span class="signal muted">{t('rssiNone')}</span>;
  const lit = litBars(rssi);
  return (
    <span class="signal">
      <svg class="bars" viewBox="0 0 28 16" aria-hidden="true">
        {bars.map((bar) => (
          <rect
            key={bar}
            class={bar <= lit ? 'bar-on' : 'bar-off'}
            x={(bar - 1) * 6}
            y={16 - bar * 3 - 1}
            width={4}
            height={bar * 3 + 1}
            rx={1}
          />
        ))}
      </svg>
      <span class="visually-hidden">{t('rssi', { n: format.count(rssi) })}</span>
      <span class="figure" aria-hidden="true">
        {format.count(rssi)} <span class="unit">dBm</span>
      </span>
    </span>
  );
}
