import type { Signal } from '@preact/signals';
import { useApp, useWords } from '../state/context.ts';
import { type Preferences, remember, type Theme, themes } from '../state/preferences.ts';
import { type Locale, locales, type PlainKey } from '../words/index.ts';

const themeWords: Readonly<Record<Theme, PlainKey>> = { auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' };

/** A language is named in itself: who cannot read the page can still find it. */
const localeNames: Readonly<Record<Locale, string>> = { 'zh-TW': '繁體中文', en: 'English' };

/** Chooses the language; the device remembers it. */
export function LocaleChoice() {
  const { t } = useWords();
  const { preferences } = useApp();
  return (
    <Choice
      name="locale"
      title={t('settingsLanguage')}
      chosen={preferences.locale}
      options={locales.map((value) => ({ value, text: localeNames[value] }))}
    />
  );
}

/** Chooses light, dark or as the device. */
export function ThemeChoice() {
  const { t } = useWords();
  const { preferences } = useApp();
  return (
    <Choice
      name="theme"
      title={t('settingsTheme')}
      chosen={preferences.theme}
      options={themes.map((value) => ({ value, text: t(themeWords[value]) }))}
    />
  );
}

type ChoiceProps<T extends string> = {
  readonly name: keyof Preferences;
  readonly title: string;
  readonly chosen: Signal<T>;
  readonly options: readonly { readonly value: T; readonly text: string }[];
};

function Choice<T extends string>({ name, title, chosen, options }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{title}</legend>
      <div class="segments">
        {options.map(({ value, text }) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={chosen.value === value}
              onChange={() => {
                chosen.value = value;
                remember(name, value);
              }}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
