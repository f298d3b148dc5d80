import { expect, test } from 'vitest';
import { createAbuseLog, type Log, silentLog } from '../../../src/kit/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

function scene() {
  const clock = manualClock(0);
  const lines: [string, Record<string, unknown>][] = [];
  const log: Log = { ...silentLog, warn: (fields, message) => void lines.push([message, fields]) };
  const abuse = createAbuseLog(clock, log);
  return { clock, lines, abuse };
}

test('ten thousand of a kind in a minute are two lines: the first at once, the others counted at the minute’s end', async () => {
  const { clock, lines, abuse } = scene();
  for (let n = 0; n < 10_000; n++) abuse.tell('wrong keys refused', '10.0.0.7', { route: `/${n}` });
  expect(lines).toEqual([['wrong keys refused', { route: '/0', from: '10.0.0.7', times: 1, sources: 1 }]]);
  await clock.advance(59_999);
  expect(lines).toHaveLength(1);
  await clock.advance(1);
  expect(lines[1]).toEqual(['wrong keys refused', { route: '/9999', from: '10.0.0.7', times: 9999, sources: 1 }]);
  expect(lines).toHaveLength(2);
});

test('a kind that goes on for an hour is a line a minute, and none is forgotten in the counts', async () => {
  const { clock, lines, abuse } = scene();
  for (let n = 0; n < 3600; n++) {
    abuse.tell('bad requests', '10.0.0.7');
    await clock.advance(1000);
  }
  abuse.close();
  expect(lines.length).toBeLessThanOrEqual(62);
  expect(lines.reduce((sum, [, { times }]) => sum + Number(times), 0)).toBe(3600);
});

test('after a quiet minute the next of its kind is a line at once', async () => {
  const { clock, lines, abuse } = scene();
  abuse.tell('bad requests', '10.0.0.7');
  await clock.advance(60_000);
  expect(lines).toHaveLength(1);
  abuse.tell('bad requests', '10.0.0.8');
  expect(lines[1]).toEqual(['bad requests', { from: '10.0.0.8', times: 1, sources: 1 }]);
});

test('kinds do not silence each other, also two kinds that share their message', () => {
  const { lines, abuse } = scene();
  abuse.tell('bad requests', null);
  abuse.tell('wrong keys refused', null);
  abuse.tell('request failed', null, { route: '/a' }, 'request failed /a');
  abuse.tell('request failed', null, { route: '/b' }, 'request failed /b');
  abuse.tell('request failed', null, { route: '/b' }, 'request failed /b');
  expect(lines.map(([message, { route, from }]) => [message, route, from])).toEqual([
    ['bad requests', undefined, 'unknown'],
    ['wrong keys refused', undefined, 'unknown'],
    ['request failed', '/a', 'unknown'],
    ['request failed', '/b', 'unknown'],
  ]);
});

test('the line names the address of most; of thousands of addresses only so many are kept', async () => {
  const { clock, lines, abuse } = scene();
  abuse.tell('bad requests', 'a');
  for (let n = 0; n < 3; n++) abuse.tell('bad requests', 'greedy');
  for (let n = 0; n < 5000; n++) abuse.tell('bad requests', `host-${n}`);
  await clock.advance(60_000);
  expect(lines[1]?.[1]).toEqual({ from: 'greedy', times: 5003, sources: 64 });
});

test('at the end what has no line yet gets one, and nothing comes after it', async () => {
  const { clock, lines, abuse } = scene();
  for (let n = 0; n < 4; n++) abuse.tell('bad requests', 'a');
  abuse.close();
  expect(lines.map(([, { times }]) => times)).toEqual([1, 3]);
  await clock.advance(600_000);
  expect(lines).toHaveLength(2);
});
