const width = 120;
const height = 32;
const slots = 60;

/** The last minute as a line. The figure beside it says the same in digits. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const top = Math.max(1, ...values);
  const step = width / (slots - 1);
  const points = values.map((value, index) => {
    const x = width - (values.length - 1 - index) * step;
    return `${x.toFixed(1)},${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`;
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
