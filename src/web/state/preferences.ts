import { effect, type Signal, signal } from '@preact/signals';
import { htmlLang, type Locale, locales, pickLocale } from '../words/index.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What this browser's user chose; remembered on the device, never sent. */
export type Preferences = { readonly locale: Signal<Locale>; readonly theme: Signal<Theme> };

/** Reads what was chosen before, else follows the browser; and keeps `<html>` and the memory in step. */
export function createPreferences(): Preferences {
  const locale = signal<Locale>(recall('silentgate.locale', locales) ?? pickLocale(navigator.languages));
  const theme = signal<Theme>(recall('silentgate.theme', themes) ?? 'auto');
  const root = document.documentElement;
  effect(() => {
    root.lang = htmlLang[locale.value];
  });
  effect(() => {
    if (theme.value === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme.value;
  });
  return { locale, theme };
}

/** Keeps a choice. A browser that forbids storage forgets it at the next visit, and that is all. */
export function remember(key: 'locale' | 'theme', value: string): void {
  try {
    localStorage.setItem(`silentgate.${key}`, value);
  } catch {
    // Private windows may refuse: the choice then holds for this visit.
  }
}

function recall<T extends string>(key: string, allowed: readonly T[]): T | null {
  try {
    const kept = localStorage.getItem(key);
    return allowed.find((value) => value === kept) ?? null;
  } catch {
    return null;
  }
}
