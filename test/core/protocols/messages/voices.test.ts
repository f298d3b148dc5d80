import { describe, expect, test } from 'vitest';
import { plugins } from '../../../../src/protocols/messages/plugins.ts';
import { readSink } from '../../../fakes/sink.ts';

type Name = keyof typeof plugins;

/** What a plug-in tells of one message after another, as it tells it. */
function heard(name: Name, how: 'read' | 'event', ...messages: unknown[]): unknown[] {
  const told: unknown[] = [];
  const { sink } = readSink({
    sign: (sign, at) => void told.push({ ...sign, at }),
    warn: (code, by) => void told.push([code, by]),
  });
  const voice = plugins[name].listen();
  for (const message of messages) {
    if (how === 'read') voice.read(message, sink);
    else voice.event(message, 7, sink);
  }
  return told;
}

const beat = (data: object) => ({ type: 'heartbeat', data });
const drops = (count: number) => beat({ reader_gateway: { numDataMessagesDropped: count } });
const radio = (radio_control: object) => beat({ radio_control });

describe('an R700 tells of itself', () => {
  test.each([
    [{ inventoryStatusEvent: { status: 'running' } }, [{ about: 'inventory', is: 'running', at: 7 }]],
    [{ inventoryStatusEvent: { status: 'armed' } }, [{ about: 'inventory', is: 'armed', at: 7 }]],
    [{ inventoryStatusEvent: { status: 'idle' } }, [{ about: 'inventory', is: 'stopped', at: 7 }]],
    [{ inventoryStatusEvent: { status: 'hasOwnProperty' } }, []],
    [{ inventoryTerminatedEvent: {} }, [{ about: 'inventory', is: 'stopped', at: 7 }]],
    [{ antennaConnectedEvent: { antennaPort: 2 } }, [{ about: 'antenna', port: 2, is: 'on', at: 7 }]],
    [{ antennaDisconnectedEvent: { antennaPort: '3' } }, [{ about: 'antenna', port: 3, is: 'off', at: 7 }]],
    [{ antennaDisconnectedEvent: { antennaPort: 257 } }, []],
    [{ overflowEvent: { eventsPurged: 12, more: [{ eventsPurged: '3' }] } }, [['READER_OVERFLOW', 15]]],
    [{ overflowEvent: { eventsPurged: 0 } }, []],
  ])('%j', (message, told) => {
    expect(heard('impinj-r700', 'event', message)).toEqual(told);
  });
});

describe('a fixed Zebra reader tells of itself', () => {
  test('reads of mode PORTAL wait for a GPI, those of the others for nobody, and unknown ones say nothing', () => {
    const types = ['PORTAL', 'INVENTORY', 'SIMPLE', 'CONVEYOR', 'CUSTOM', 'DIRECTIONALITY', 'NEW'];
    const told = heard('zebra-iot-connector', 'read', ...types.map((type) => ({ type })));
    expect(told).toEqual(
      ['gpi', 'none', 'none', 'none', 'none', 'none'].map((is) => ({ about: 'trigger', is, at: null })),
    );
  });

  test.each([
    [radio({ radioActivity: 'active' }), [{ about: 'inventory', is: 'running', at: 7 }]],
    [radio({ radioActivity: 'inactive' }), [{ about: 'inventory', is: 'stopped', at: 7 }]],
    [
      radio({ antennas: { '1': 'connected', '2': 'disconnected', x: 'connected', '3': 'new' } }),
      [
        { about: 'antenna', port: 1, is: 'on', at: 7 },
        { about: 'antenna', port: 2, is: 'off', at: 7 },
      ],
    ],
    [
      { type: 'error', data: { message: 'too hot' } },
      [{ about: 'complaint', error: 'internal', text: 'too hot', at: 7 }],
    ],
    [{ type: 'warning', data: { message: '' } }, []],
    [{ type: 'gpi', data: { radio_control: { radioActivity: 'active' } } }, []],
  ])('%j', (message, told) => {
    expect(heard('zebra-iot-connector', 'event', message)).toEqual(told);
  });

  test('dropped messages by their growth; a number that fell belongs to a reader that began anew', () => {
    const told = heard('zebra-iot-connector', 'event', drops(3), drops(3), radio({}), drops(5), drops(2));
    expect(told).toEqual([3, 2, 2].map((by) => ['READER_DROPPED', by]));
  });
});

test('a sled tells in its heartbeat whether it reads', () => {
  const at = (rfidStatus: string) => ({ eventName: 'heartbeat', data: { inventoryStatus: { rfidStatus } } });
  const told = heard('zebra-rfd40', 'event', at('INPROGRESS'), at('STOPPED'), at('NEW'), { eventName: 'battery' });
  expect(told).toEqual(['running', 'stopped'].map((is) => ({ about: 'inventory', is, at: 7 })));
});

describe('answers', () => {
  test.each([
    ['zebra-iot-connector', { command: 'start', response: 'success' }, ['start', true, null]],
    ['zebra-iot-connector', { command: 'start', response: 'failure' }, ['start', false, 'internal']],
    ['zebra-rfd40', { command: 'control_operation', response: { code: 0 } }, ['control_operation', true, null]],
    ['zebra-rfd40', { command: 'x', response: { code: 11 } }, ['x', false, 'busy']],
    ['zebra-rfd40', { command: 'x', response: { code: 99 } }, ['x', false, 'internal']],
    ['zebra-rfd40', { response: { code: 22 } }, ['answer', false, 'parameter']],
    ['zebra-rfd40', { command: 'get_status' }, ['get_status', null, null]],
  ] as const)('%s: %j', (name, message, [command, ok, error]) => {
    expect(plugins[name].listen().answer(message)).toEqual({ command, ok, error, routine: false, fields: message });
  });

  test.each(['generic-json', 'impinj-r700', 'zebra-iot-connector', 'zebra-rfd40'] as const)(
    'none of them is what %s hears in a message without a command',
    (name) => {
      for (const message of [{}, null, [], 'text', { type: 'heartbeat' }, { command: null }])
        expect(plugins[name].listen().answer(message)).toBeNull();
    },
  );
});
