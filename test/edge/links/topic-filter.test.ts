import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filterFits, parseFilter } from '../../../src/links/topic-filter.ts';

const fits = (filter: string, topic: string) => {
  const levels = parseFilter(filter);
  return levels !== null && filterFits(levels, topic);
};

test.each([
  ['sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['sport/#', 'sport', true],
  ['#', 'sport', true],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['+', '/finance', false],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['#', '$SYS/broker', false],
  ['+/broker', '$SYS/broker', false],
  ['$SYS/#', '$SYS/broker', true],
  ['$share/group/rfid/+', 'rfid/a', true],
  ['rfid/a', 'rfid/A', false],
])('filter %s and topic %s: %s (MQTT 5, 4.7)', (filter, topic, expected) => {
  expect(fits(filter, topic)).toBe(expected);
});

test.each(['', 'a/#/b', 'a#', 'a+', '+a/b', '##', '$share/group/', 'a\0b'])('“%s” is no filter', (filter) => {
  expect(parseFilter(filter)).toBeNull();
});

const level = fc.stringMatching(/^[a-z0-9-]{0,6}$/);
const topics = fc.array(level, { minLength: 1, maxLength: 6 }).map((levels) => levels.join('/'));

test('a topic without wildcards fits itself and no other', () => {
  fc.assert(
    fc.property(topics, topics, (one, other) => {
      if (one !== '') expect(fits(one, other)).toBe(one === other);
    }),
  );
});

test('replacing any level by + or any tail by # keeps a topic fitting', () => {
  fc.assert(
    fc.property(topics, fc.nat(5), (topic, position) => {
      const levels = topic.split('/');
      const at = position % levels.length;
      expect(fits(levels.with(at, '+').join('/'), topic)).toBe(true);
      expect(fits([...levels.slice(0, at), '#'].join('/'), topic)).toBe(true);
    }),
  );
});
