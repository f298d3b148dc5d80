import type { Sign } from '../sign.ts';
import type { Sink } from '../sink.ts';
import { parseNumber } from './time.ts';
import { wordOf } from './values.ts';

const HIGHEST_PORT = 256;

/** Tells what became of an antenna, where a port of that number can be. */
export function tellPort(said: unknown, is: 'on' | 'off', at: number | null, sink: Sink): void {
  const port = parseNumber(said);
  if (port === null || !Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) return;
  sink.sign({ about: 'antenna', port, is }, at);
}

type Inventory = Extract<Sign, { about: 'inventory' }>['is'];

/** Tells what a reader's word means for its inventory; a word that is not among `words` says nothing. */
export function tellInventory(
  words: Readonly<Record<string, Inventory>>,
  word: unknown,
  at: number | null,
  sink: Sink,
): void {
  const is = Object.hasOwn(words, wordOf(word)) ? words[wordOf(word)] : undefined;
  if (is !== undefined) sink.sign({ about: 'inventory', is }, at);
}
