import { useSignal } from '@preact/signals';
import { useWords } from '../state/context.ts';
import { Icon } from './icon.tsx';

/** Copies a text. Browsers give a page on plain HTTP no clipboard; then the text is selected for the usual keys. */
export function CopyButton({ text, what, of }: { text: string; what: string; of: string }) {
  const { t } = useWords();
  const done = useSignal(false);
  const copy = async () => {
    const copied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    if (copied !== true && !copySelected(of)) return;
    done.value = true;
    setTimeout(() => {
      done.value = false;
    }, 2_000);
  };
  return (
    <button type="button" class="button button-icon" aria-label={t('copyWhat', { what })} onClick={() => void copy()}>
      <Icon name={done.value ? 'ok' : 'copy'} />
      <span aria-live="polite" class="copy-done">
        {done.value ? t('copied') : ''}
      </span>
    </button>
  );
}

function copySelected(id: string): boolean {
  const element = document.getElementById(id);
  if (element === null) return false;
  getSelection()?.selectAllChildren(element);
  return document.execCommand('copy');
}
