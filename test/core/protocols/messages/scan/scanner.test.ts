import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGenericDecoder, compileMessageDecoder } from '../../../../../src/protocols/messages/decode.ts';
import { pluginOf } from '../../../../../src/protocols/messages/plugins.ts';
import { type Captured, capturedMessages, context, toldBy } from './scene.ts';

const captures = capturedMessages();

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Random = (below: number) => number;

function generator(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <T>(random: Random, all: readonly T[]): T => all[random(all.length)] as T;

/** Other texts where a text stood, and other numbers where a number did; mostly of the same kind. */
function otherText(text: string, random: Random): string {
  const hex = (size: number) =>
    Array.from({ length: size }, () => pick(random, [...'0123456789abcdefABCDEF'])).join('');
  return pick(random, [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    hex(text.length),
    hex(24),
    hex(2 * random(34)),
    hex(124),
    hex(126),
    `0x${text}`,
    text.replace(/(..)/g, '$1 '),
    Buffer.from(hex(24), 'hex').toString('base64'),
    Buffer.from(hex(24 + random(6)), 'hex').toString('base64url'),
    `${text}=`,
    new Date(1_700_000_000_000 + random(1e9) * 10).toISOString(),
    new Date(1_700_000_000_000 + random(1e9) * 10)
      .toISOString()
      .replace('Z', pick(random, ['+0200', '-03:30', '', 'z'])),
    String(random(70_000) / pick(random, [1, 10, 1000])),
    `-${random(9_000)}`,
    '',
    'é\u2028\ud83d',
    'a"b\\c/d\n',
    `${text}\u0000`,
  ]);
}

function otherNumber(number: number, random: Random): Json {
  return pick<Json>(random, [
    number,
    number + random(9),
    -number,
    random(300),
    -random(12_000) / 100,
    random(1e9) / 1e6,
    random(1e9) * 1e6 + random(1e6),
    number / 3,
    -0,
    1e21,
    2 ** 53 + random(9),
    1_700_000_000_000 + random(1e9),
    String(number),
    `+${Math.abs(number)}`,
    null,
    true,
  ]);
}

/** A message like this one: some of its values are others, and now and then its members are. */
function otherJson(value: Json, random: Random, often: number): Json {
  if (Array.isArray(value)) return otherList(value, random, often);
  if (typeof value === 'object' && value !== null) return otherMembers(value, random, often);
  if (random(100) >= often) return value;
  if (typeof value === 'string') return otherText(value, random);
  return typeof value === 'number' ? otherNumber(value, random) : value;
}

function otherList(list: readonly Json[], random: Random, often: number): Json[] {
  const items = list.map((item) => otherJson(item, random, often));
  if (list.length > 0 && random(4) === 0) items.push(otherJson(pick(random, list), random, often));
  return random(30) === 0 ? items.slice(1) : items;
}

function otherMembers(object: { [name: string]: Json }, random: Random, often: number): Json {
  const members = Object.entries(object).map(([name, one]) => [name, otherJson(one, random, often)] as [string, Json]);
  if (random(40) === 0) members.splice(random(members.length), 1);
  if (random(40) === 0) members.reverse();
  if (random(60) === 0) members.push([pick(random, ['epc', 'type', 'more', '__proto__', 'é']), 1]);
  return Object.fromEntries(members);
}

/** The same JSON, or nearly: another spelling of it. */
function spelled(text: string, random: Random): string {
  const numbers = /(?<=[:[,]\s*)-?\d+(\.\d+)?(?=\s*[,}\]])/g;
  const at = random(text.length);
  return pick(random, [
    () => text,
    () => text,
    () => text,
    () =>
      text.replace(numbers, (n) =>
        random(3) === 0 ? `${n}${pick(random, ['e0', '.0', '0', 'E+1', '.', 'e', '00'])}` : n,
      ),
    () => text.replace(numbers, (n) => (random(3) === 0 ? `${pick(random, ['0', '+', '--', ' ', '-'])}${n}` : n)),
    () => text.replace(/"(\w)/g, (all, c: string) => (random(5) === 0 ? `"\\u00${c.charCodeAt(0).toString(16)}` : all)),
    () =>
      text.replace(/[,:{}[\]]/g, (mark) =>
        random(5) === 0 ? `${mark}${pick(random, [' ', '\n', '\t', '\r\n', '\u00a0'])}` : mark,
      ),
    () => text.replace(/"(\w+)"(\s*):/, (all, name: string) => `${all} 1, "${name}":`),
    () => text.replace(/\{/, () => '{"epc":"00",'),
    () => text.slice(0, at),
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + pick(random, ['"', '\\', '}', ',', ' ', 'é', '\u0000', '9']) + text.slice(at),
    () => `${text}${pick(random, [' ', '\n', ',', ']', text, `\n${text}`, `\r\n${text}\n`, `,${text}`])}`,
    () => `[${text},${text} , ${text}]`,
    () => `\ufeff${text}`,
  ])();
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = random(6) === 0 ? 1 + random(3) : 0; left > 0; left--) {
    const at = random(copy.length);
    copy[at] = pick(random, [(copy[at] ?? 0) ^ (1 << random(8)), random(256), 0x22, 0x30, 0x80]);
  }
  return copy;
}

function parsed(payload: Buffer): Json | undefined {
  try {
    return JSON.parse(payload.toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}

/** A stream of messages that begin like the captured one and then differ in ever more. */
function streamOf({ payload }: Captured, random: Random): Buffer[] {
  const json = parsed(payload);
  const often = pick(random, [5, 20, 60]);
  return Array.from({ length: 12 }, (_, i) => {
    if (i < 3 || json === undefined) return i < 3 ? payload : flipped(payload, random);
    const text = JSON.stringify(otherJson(json, random, often), null, random(12) === 0 ? 1 : 0);
    return flipped(Buffer.from(random(3) === 0 ? spelled(text, random) : text), random);
  });
}

/** The same message once for each of its values and each way in which that may be another. */
function* eachChanged(value: Json, whole: (changed: Json) => Json): Generator<Json> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* eachChanged(item, (one) => whole(value.with(i, one)));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      yield* eachChanged(one, (changed) => whole({ ...value, [name]: changed }));
    }
  } else {
    const random = generator(1);
    for (let n = 0; n < 20; n++) yield whole(otherJson(value, random, 100));
  }
}

function decodersOf({ profile, map }: Captured) {
  return [
    compileMessageDecoder(profile, map, context),
    compileGenericDecoder(profile, map, pluginOf(profile).listen(), context),
  ] as const;
}

/** Each message that differs in one value comes behind the one that is known. */
function compareChanged(captured: Captured): void {
  const { topic, payload } = captured;
  const json = parsed(payload);
  let decoders = decodersOf(captured);
  let sent = 0;
  for (const changed of json === undefined ? [] : eachChanged(json, (one) => one)) {
    // Anew, before so much that is strange makes the scanner rest.
    if (sent++ % 8 === 0) decoders = decodersOf(captured);
    for (const message of [payload, Buffer.from(JSON.stringify(changed))]) {
      const [told, due] = decoders.map((decoder) => toldBy(decoder, topic, message));
      expect(told, message.toString()).toEqual(due);
    }
  }
}

describe('a scanner', () => {
  test('tells of every message what the generic way tells, however the message differs from what it learnt', () => {
    fc.assert(
      fc.property(fc.constantFrom(...captures), fc.nat(2 ** 31), (captured, seed) => {
        const [scanning, generic] = decodersOf(captured);
        for (const payload of streamOf(captured, generator(seed))) {
          const due = toldBy(generic, captured.topic, payload);
          expect(toldBy(scanning, captured.topic, payload), payload.toString()).toEqual(due);
        }
      }),
      { numRuns: Number(process.env['STREAMS'] ?? 600) },
    );
  });

  test('tells the same when any single value of a known message is another', () => {
    for (const captured of captures) compareChanged(captured);
  });

  test('tells the same of a reader that sends all that its maker ever sent, in any order', () => {
    for (const one of captures) {
      const alike = captures.filter(({ profile, map }) => profile === one.profile && map === one.map);
      const [scanning, generic] = decodersOf(one);
      const random = generator(alike.length);
      for (let i = 0; i < 20; i++) {
        const { topic, payload } = pick(random, alike);
        expect(toldBy(scanning, topic, payload), payload.toString()).toEqual(toldBy(generic, topic, payload));
      }
    }
  });
});
