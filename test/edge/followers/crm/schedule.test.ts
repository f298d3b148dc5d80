import { expect, test } from 'vitest';
import {
  downtimeSteps,
  eventSteps,
  longestWaitMs,
  pausedSteps,
  stepMs,
} from '../../../../src/followers/crm/schedule.ts';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const middle = () => 0.5;
const waits = (steps: readonly number[]) => steps.map((_, n) => stepMs(steps, n + 1, middle));

test('an event waits as docs/crm.md says before it goes to the dead letters', () => {
  const minutes = [1, 5, 30].map((n) => n * minute);
  const hours = [2, 5, 10, 14, 20, 24].map((n) => n * hour);
  expect(waits(eventSteps)).toEqual([2 * second, 10 * second, ...minutes, ...hours]);
});

test('a destination that is down is asked often at first and every ten minutes in the end', () => {
  const seconds = [1, 2, 5, 10, 30].map((n) => n * second);
  expect(waits(downtimeSteps)).toEqual([...seconds, ...[1, 2, 5, 10].map((n) => n * minute)]);
  expect(stepMs(downtimeSteps, 99, middle)).toBe(10 * minute);
});

test('a destination that refuses the gateway is asked every hour in the end', () => {
  expect(waits(pausedSteps)).toEqual([30 * second, ...[1, 2, 5, 10, 30, 60].map((n) => n * minute)]);
});

test('a wait is moved by a tenth at most, and a Retry-After is believed for seven days', () => {
  expect([0, 1].map((chance) => stepMs([1_000], 1, () => chance))).toEqual([900, 1_100]);
  expect(longestWaitMs).toBe(7 * 24 * hour);
});
