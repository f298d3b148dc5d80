import { describe, expect, test } from 'vitest';
import { told } from '../../fakes/told.ts';
import { a0, type Bytes, be16, bytesOf, chafon, chainway, m100, mercury, nur, prime, swct } from '../../fakes/wire.ts';

/** Every code that the protocol reference lists, and the word that all families share for it. */
const codes: Readonly<Record<string, { frame: (code: number) => Bytes; words: Readonly<Record<string, string>> }>> = {
  'thingmagic/m6e': {
    frame: (code) => mercury(0x28, code, []),
    words: {
      parameter: '0100 0105 010A 0401 040B 0410',
      memory: '0409 0423',
      unsupported: '0101 0102 0109 0402',
      power: '0103 0106 042B',
      frequency: '0104 010B',
      noTag: '0400 0404',
      tag: '0406 040A 040E 0420 042F 0430',
      badPassword: '040C 0604',
      locked: '0424',
      antenna: '0503 0505 0507',
      temperature: '0504',
      busy: '0600 0601',
      internal: '0405 7F00 7F01',
    },
  },
  'magicrf/m100': {
    frame: (code) => m100(1, 0xff, [code, 0x0e, 0x34, 0, ...bytesOf('30751FEB705C5904E3D50D70')]),
    words: {
      tag: '09 10 12 13 14 A0 AF B0 BF C0 CF D0 DF',
      noTag: '15',
      badPassword: '16',
      parameter: '17',
      memory: 'A3 B3 C3 D3',
      frequency: '20',
      locked: 'A4 B4 C4 D4',
      power: 'AB BB CB DB',
    },
  },
  'chafon/uhfreader288': {
    frame: (code) => chafon(0, 0x02, [code]),
    words: {
      badPassword: '05',
      tag: '09 FA FC',
      unsupported: '0B FE',
      antenna: 'F8',
      internal: 'F9',
      noTag: 'FB',
      parameter: 'FD FF',
    },
  },
  'chafon/prime': {
    frame: (code) => prime(0, 0x03, [code]),
    words: {
      parameter: '01',
      internal: '02',
      noTag: '12 14 FF',
      tag: '15 16 81 85',
      badPassword: '17',
      memory: '82',
      locked: '83',
      power: '84',
    },
  },
  'chainway/ur4': {
    frame: (code) => chainway(0x85, [0, code, 0, 0]),
    words: { locked: '01', noTag: '22' },
  },
  'r2000/a0': {
    frame: (code) => a0(1, 0x81, [code]),
    words: {
      internal: '11 20 21 23 24 52 53',
      antenna: '22 47 EE',
      power: '25 48 54',
      tag: '31 32 33 34 35 37 50',
      noTag: '36 38',
      badPassword: '40',
      parameter: '41 42 43 44 45 4A 4B 4C 4D 4E',
      memory: '46',
      frequency: '49 4F',
    },
  },
  'nordicid/nur': {
    frame: (code) => nur(0, 0x33, [code]),
    words: {
      unsupported: '01',
      parameter: '02 03 05',
      busy: '04',
      internal: '10',
      noTag: '20',
      tag: '21 22 30 31 40 41 42',
      badPassword: '24',
    },
  },
  'swct/integrated': { frame: (code) => swct(0, 0x02, code, []), words: { internal: '00' } },
};

const rows = Object.entries(codes).flatMap(([id, { frame, words }]) =>
  Object.entries(words).flatMap(([word, list]) => list.split(' ').map((code) => ({ id, frame, word, code }))),
);

test.each(rows)('$id says $word by $code', ({ id, frame, word, code }) => {
  const text = expect.stringMatching(/^[a-zA-Z].{3,}/);
  const out = told(id, frame(Number.parseInt(code, 16)));
  expect(out).toMatchObject([{ kind: 'answer', ok: false, error: word, fields: { code, text } }]);
});

test.each([
  ['chafon/uhfreader288', chafon(0, 0x02, [0xfc, 0x03]), 'memory', 'FC03'],
  ['chafon/uhfreader288', chafon(0, 0x03, [0xfc, 0x04]), 'locked', 'FC04'],
  ['chafon/uhfreader18', chafon(0, 0x03, [0xfc, 0x0b]), 'power', 'FC0B'],
  ['chafon/uhfreader288', chafon(0, 0x03, [0xfc, 0x77]), 'tag', 'FC'],
  ['nordicid/nur', nur(0, 0x33, [0x42, 0x03]), 'memory', '4203'],
  ['nordicid/nur', nur(0, 0x34, [0x42, 0x04]), 'locked', '4204'],
  ['nordicid/nur', nur(0, 0x34, [0x42, 0x0b]), 'power', '420B'],
])('%s: a tag’s own error, which the next byte explains, is told apart (%#)', (id, frame, error, code) => {
  expect(told(id, frame)).toMatchObject([{ kind: 'answer', ok: false, error, fields: { code } }]);
});

test.each([
  ['thingmagic/m6e', mercury(0x28, 0x0999, []), '0999'],
  ['magicrf/m100', m100(1, 0xff, [0x77]), '77'],
  ['nordicid/nur', nur(0, 0x33, [0x77]), '77'],
  ['r2000/a0', a0(1, 0x81, [0x77]), '77'],
])('a code that nobody listed is an internal error of %s that shows it', (id, frame, code) => {
  expect(told(id, frame)).toMatchObject([{ kind: 'answer', ok: false, error: 'internal', fields: { code } }]);
});

describe('while taking inventory', () => {
  test.each([
    ['thingmagic/m6e', mercury(0x22, 0x0400, []), { kind: 'event', name: 'heartbeat', routine: true }],
    ['thingmagic/m6e', mercury(0x22, 0x0504, []), { kind: 'answer', ok: false, error: 'temperature', routine: false }],
    ['thingmagic/m6e', mercury(0x22, 0, [0x10, ...be16(0x1b), ...be16(0x1ff), 0]), { kind: 'event', name: 'readEnd' }],
    ['thingmagic/m6e', mercury(0x22, 0, [0x10, 0, 0x1b, 0, 0, 2, 0, 1, 0x27]), { kind: 'event', name: 'status' }],
    ['thingmagic/m6e', mercury(0x04, 0, []), { kind: 'event', name: 'booted' }],
    ['magicrf/m100', m100(1, 0xff, [0x15]), { kind: 'answer', ok: false, error: 'noTag', routine: true }],
    ['chafon/uhfreader288', chafon(0, 1, [0x26, 1, 0, 17, 0, 0, 0, 5]), { kind: 'event', name: 'statistics' }],
    ['nordicid/nur', nur(1, 0x80, [0, ...Buffer.from('APP')]), { kind: 'event', name: 'booted' }],
    ['nordicid/nur', nur(1, 0x82, [0]), { kind: 'event' }],
    ['swct/integrated', swct(0, 0xff, 1, []), { kind: 'event', name: 'heartbeat', routine: true }],
  ])('%s says what is no read: %j', (id, frame, wanted) => {
    expect(told(id, frame)).toMatchObject([wanted]);
  });
});
