import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useApp, useWords } from '../state/context.ts';

const shownMs = 4_000;

/** Says for a moment what was scanned: the page may look as before, and the same code may have come twice. */
export function ScanNote() {
  const { t } = useWords();
  const { scans } = useApp();
  const scan = scans.last.value;
  const past = useSignal(scan?.count ?? 0);
  useEffect(() => {
    if (scan === null) return;
    const timer = setTimeout(() => {
      past.value = scan.count;
    }, shownMs);
    return () => clearTimeout(timer);
  }, [scan]);
  const shown = scan !== null && scan.count > past.value ? scan : null;
  return (
    <div class="scan-note" role="status">
      {shown !== null && (
        <p key={shown.count}>{t(shown.allowed ? 'scanned' : 'scannedUnheard', { code: readable(shown.text) })}</p>
      )}
    </div>
  );
}

/** A group separator has no shape of its own. */
function readable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '·');
}
