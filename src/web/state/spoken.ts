import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { formatter } from '../words/format.ts';
import { type Dictionary, type Locale, loadWords, translator, type Wording, worder } from '../words/index.ts';
import type { Preferences } from './preferences.ts';

/** The words of the language that is chosen; the old one's until those of a new one are loaded. */
export async function speak({ locale }: Preferences): Promise<ReadonlySignal<Wording>> {
  const first = locale.peek();
  const words = signal(wordsOf(first, await loadWords(first)));
  effect(() => {
    const chosen = locale.value;
    void loadWords(chosen).then((loaded) => {
      if (locale.peek() === chosen) words.value = wordsOf(chosen, loaded);
    });
  });
  return words;
}

function wordsOf(locale: Locale, dictionary: Dictionary): Wording {
  const t = translator(dictionary);
  return { t, word: worder(dictionary), format: formatter(locale, t('now')) };
}
