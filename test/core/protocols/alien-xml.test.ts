import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadProfiles, openDecoder } from '../../../src/profiles/index.ts';

const profiles = loadProfiles([join(import.meta.dirname, '../../../firmware-profiles')]);
const decoded = (...chunks: string[]) => {
  const decoder = openDecoder(profiles.get('alien/f800'));
  return [...chunks.flatMap((chunk) => decoder.push(Buffer.from(chunk, 'latin1'))), ...decoder.end()];
};

const tag = (id: string, antenna: number, count: number) =>
  ['<Alien-RFID-Tag>', ` <TagID>${id}</TagID>`, ' <DiscoveryTime>2026/11/30 10:00:00.123</DiscoveryTime>']
    .concat([` <Antenna>${antenna}</Antenna>`, ` <ReadCount>${count}</ReadCount>`, ' <Protocol>2</Protocol>'])
    .concat(['</Alien-RFID-Tag>']);
const list = (tags: string[][], end: string) =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Alien-RFID-Reader-Auto-Notification>',
    ' <ReaderName>A &amp; B</ReaderName>',
  ]
    .concat([' <Alien-RFID-Tag-List>', ...tags.flat(), ' </Alien-RFID-Tag-List>'])
    .concat(['</Alien-RFID-Reader-Auto-Notification>', '\0'])
    .join(end);

const word = fc.stringMatching(/^[0-9A-F]{4}$/);
const ids = fc.array(word, { minLength: 4, maxLength: 8 }).map((words) => words.join(' '));

test('every tag of an XML list is a read, however its lines are laid out and its bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(ids, fc.nat(3), fc.integer({ min: 1, max: 9_999 })), { maxLength: 8 }),
      fc.constantFrom('\r\n', '\n', ''),
      fc.array(fc.nat(4_000), { maxLength: 6 }),
      (tags, end, cuts) => {
        const text = `${list(
          tags.map(([id, antenna, count]) => tag(id, antenna, count)),
          end,
        )}\r\n`;
        const at = [...new Set(cuts.filter((place) => place < text.length))].sort((a, b) => a - b);
        const got = decoded(...[0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length)));
        expect(got.map(({ kind, epc, antenna, count }) => [kind, epc, antenna, count])).toEqual(
          tags.map(([id, antenna, count]) => ['read', id.replaceAll(' ', ''), antenna + 1, count]),
        );
      },
    ),
  );
});

test('a tag that is cut off or has no id is counted, and the next one is read', () => {
  const [cut, none, good] = [
    tag('3034 257B F719 4E40 0000 0001', 0, 1).slice(0, 3),
    tag('', 0, 1),
    tag('3034 257B F719 4E40 0000 0002', 0, 1),
  ];
  expect(decoded(list([cut, none, good], '\r\n')).map(({ kind, reason, epc }) => reason ?? epc ?? kind)).toEqual([
    'TRUNCATED',
    'NO_ID',
    '3034257BF7194E4000000002',
  ]);
  expect(decoded(`${cut.join('\r\n')}\r\n`).map(({ reason }) => reason)).toEqual(['TRUNCATED']);
});

test.each([
  ['35E4 4B57 3390 000A 0F29 B40A,0,1', 1, 1],
  ['35E4 4B57 3390 000A 0F29 B40A,3,12', 4, 12],
  ['35E44B573390000A0F29B40A,7,0', 1, 7],
  ['35E44B573390000A0F29B40A,3,1', 2, 3],
])('a terse line %s is of antenna %d with count %d', (line, antenna, count) => {
  expect(decoded(`${line}\r\n`)).toMatchObject([{ kind: 'read', epc: '35E44B573390000A0F29B40A', antenna, count }]);
});
