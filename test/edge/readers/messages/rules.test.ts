import { expect, test } from 'vitest';
import { type ReaderOptions, readerProblems } from '../../../../src/readers/index.ts';
import { profiles } from './scene.ts';

const topics = { commandTopic: 'c', responseTopic: 'r' };

function problems(profile: string, more: Partial<ReaderOptions>, mqtt: object = topics) {
  const config = { id: 'r1', profile, link: { mqtt: { topic: 't', ...mqtt } }, antennas: { '1': 'here' }, ...more };
  return readerProblems(config as ReaderOptions, profiles.get(profile)).map(
    ({ pointer, allowed }) => `${pointer}: ${allowed}`,
  );
}

test.each([
  ['zebra/iot-connector', { power: 20, session: 1 }],
  ['zebra/iot-connector', { antennaPower: { '1': 20 } }],
  ['zebra/iot-connector', { filter: { bank: 'epc', bit: 32, mask: 'E280' } }],
  ['zebra/rfd40', { power: 21.5, session: 3 }],
] as const)('%s may be set to %j', (profile, more) => {
  expect(problems(profile, more as Partial<ReaderOptions>)).toEqual([]);
});

test.each([
  ['zebra/iot-connector', { q: 4 }, /\/q: .*itself/],
  ['zebra/iot-connector', { power: 40 }, /\/power: 0 to 36 dBm/],
  ['zebra/iot-connector', { region: 'EU' }, /\/region: .*own page/],
  ['zebra/rfd40', { power: 30.5 }, /\/power: 0 to 30 dBm/],
  ['zebra/rfd40', { antennaPower: { '1': 20 } }, /\/antennaPower: .*one power/],
  ['zebra/rfd40', { filter: { bank: 'epc', bit: 32, mask: 'E280' } }, /\/filter: .*own page/],
  ['generic/json', { power: 20 }, /\/power: .*own page/, {}],
  ['chainway/ura4', { session: 1 }, /\/session: .*own page/, {}],
] as const)('%s may not be set to %j', (profile, more, said, mqtt: object = topics) => {
  const [problem, ...others] = problems(profile, more as Partial<ReaderOptions>, mqtt);
  expect(problem).toMatch(said);
  expect(others).toEqual([]);
});

test('a setting without a way to send it is refused, not forgotten', () => {
  expect(problems('zebra/iot-connector', { power: 20 }, {})).toEqual([
    '/power: nothing without link.mqtt.commandTopic: the gateway could not set it',
  ]);
});

test('a command topic needs its answers’ topic, and a reader that takes commands', () => {
  expect(problems('zebra/iot-connector', {}, { commandTopic: 'c' })).toEqual([
    '/link/mqtt: commandTopic and responseTopic together',
  ]);
  const management = { ...topics, managementResponseTopic: 'm' };
  expect(problems('zebra/iot-connector', {}, management)).toEqual([
    '/link/mqtt: managementTopic and managementResponseTopic together',
  ]);
  expect(problems('generic/json', {}, topics)).toEqual([
    '/link/mqtt/commandTopic: nothing: generic/json takes no commands over MQTT',
    '/link/mqtt/responseTopic: nothing: generic/json takes no commands over MQTT',
  ]);
});
