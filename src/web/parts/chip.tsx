import type { ComponentChildren } from 'preact';
import { useWords } from '../state/context.ts';

export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'plain';

const tones: Readonly<Record<string, Tone>> = {
  IN_STOCK: 'ok',
  ALLOCATED: 'info',
  EXPECTED: 'info',
  ENCODED: 'plain',
  OUTBOUND: 'info',
  WITH_HOLDER: 'info',
  IN_SERVICE: 'info',
  SOLD: 'plain',
  HELD: 'warn',
  UNREGISTERED: 'warn',
  MISSING: 'bad',
  STOLEN: 'bad',
  LOST: 'bad',
  RETIRED: 'plain',
  PRESENT: 'ok',
  EXITING: 'warn',
  ABSENT: 'warn',
};

/** A word with a tone: the tone never says more than the word does. */
export function Chip({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`chip chip-${tone}`}>{children}</span>;
}

/** A lifecycle state in plain words. */
export function Lifecycle({ value }: { value: string }) {
  const { word } = useWords();
  return <Chip tone={tones[value] ?? 'plain'}>{word('life', value) ?? value}</Chip>;
}

/** A presence state in plain words. */
export function Presence({ value }: { value: string }) {
  const { word } = useWords();
  return <Chip tone={tones[value] ?? 'plain'}>{word('presence', value) ?? value}</Chip>;
}
