import type { SignRule } from '../profile/message-profile.ts';
import type { Sink } from '../sink.ts';
import type { Sign } from '../supervision/sign.ts';
import { compilePath } from './place.ts';
import { parseNumber } from './time.ts';
import { isObject } from './values.ts';

/** Tells what a message of a rule says of the reader's condition; `at` is epoch ms by the reader's clock. */
export type Signs = (root: unknown, at: number | null, sink: Sink) => void;

const HIGHEST_PORT = 256;
const LONGEST_TEXT = 160;

/** Compiles the signs of a rule; one that needs no look at the message is made once. */
export function compileSigns(rules: readonly SignRule[] = []): Signs {
  const all = rules.map(compileSign);
  return (root, at, sink) => {
    for (const tell of all) tell(root, at, sink);
  };
}

function compileSign(rule: SignRule): Signs {
  if (rule.about === 'heartbeat') return constant({ about: 'heartbeat' });
  if (rule.about === 'complaint') return complaint(rule.at ?? '');
  if (rule.about === 'antenna') return rule.each === true ? antennas(rule) : antenna(rule);
  const { about, at, is, words = {} } = rule;
  if (at === undefined) return is === undefined ? () => undefined : constant(wordSign(about, is));
  const get = compilePath(at);
  const signs = new Map(Object.entries(words).map(([word, meaning]) => [word, wordSign(about, meaning)]));
  return (root, time, sink) => {
    const sign = signs.get(String(get(root)));
    if (sign !== undefined && sign !== null) sink.sign(sign, time);
  };
}

function constant(sign: Sign | null): Signs {
  return (_root, at, sink) => {
    if (sign !== null) sink.sign(sign, at);
  };
}

/** null where the word is not one of that sign's. */
function wordSign(about: 'inventory' | 'trigger', word: string): Sign | null {
  if (about === 'inventory') {
    return word === 'running' || word === 'armed' || word === 'stopped' ? { about, is: word } : null;
  }
  return word === 'gpi' || word === 'none' ? { about, is: word } : null;
}

function complaint(path: string): Signs {
  const get = compilePath(path);
  return (root, at, sink) => {
    const text = get(root);
    if (typeof text !== 'string' || text === '') return;
    sink.sign({ about: 'complaint', error: 'internal', text: text.slice(0, LONGEST_TEXT) }, at);
  };
}

/** One port and what became of it. */
function antenna({ port = '', at, is, words = {} }: SignRule): Signs {
  const portOf = compilePath(port);
  const wordOf = compilePath(at ?? '');
  return (root, time, sink) => tellPort(portOf(root), at === undefined ? is : words[String(wordOf(root))], time, sink);
}

/** An object of ports, such as `{ "1": "connected" }`. */
function antennas({ at = '', words = {} }: SignRule): Signs {
  const get = compilePath(at);
  return (root, time, sink) => {
    const ports = get(root);
    if (!isObject(ports)) return;
    for (const [port, word] of Object.entries(ports).slice(0, HIGHEST_PORT)) {
      tellPort(port, words[String(word)], time, sink);
    }
  };
}

function tellPort(said: unknown, is: string | undefined, at: number | null, sink: Sink): void {
  const port = parseNumber(said);
  if (port === null || !Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) return;
  if (is === 'on' || is === 'off') sink.sign({ about: 'antenna', port, is }, at);
}
