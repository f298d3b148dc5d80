import { expect, test } from 'vitest';
import { parseLink } from '../../../src/cli/link-address.ts';

test('an MQTT link may carry user name and password, which are no part of the address', () => {
  expect(parseLink('mqtt://5pVXhUo9Q1:sgm_x@127.0.0.1:1883/rfid/dock-1/events')).toEqual({
    kind: 'mqtt',
    url: 'mqtt://127.0.0.1:1883',
    login: { username: '5pVXhUo9Q1', password: 'sgm_x' },
    topic: 'rfid/dock-1/events',
  });
  expect(parseLink('mqtts://broker.lan/a/b@c:d')).toEqual({
    kind: 'mqtt',
    url: 'mqtts://broker.lan',
    login: {},
    topic: 'a/b@c:d',
  });
});
