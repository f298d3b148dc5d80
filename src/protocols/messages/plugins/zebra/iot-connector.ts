import type { Sign } from '../../../sign.ts';
import { valueAt } from '../../json.ts';
import { sumUnder } from '../../losses.ts';
import { type MessagePlugin, plainPlugin, type Voice } from '../../plugin.ts';
import { tellInventory, tellPort } from '../../signs.ts';
import { isObject, wordOf } from '../../values.ts';

/** Fixed readers with the IoT Connector (RAW MQTT payload schemas): ids with a TID behind them, heartbeats that tell losses, commands over MQTT. */
export const zebraIotConnector: MessagePlugin = {
  ...plainPlugin,
  map: { tidSuffix: { path: 'data.format', is: 'fastID', digits: 24 } },
  listen: createVoice,
};

const LONGEST_TEXT = 160;
const HIGHEST_PORT = 256;
/** Modes in which the gateway alone starts it. */
const unaided = ['SIMPLE', 'INVENTORY', 'CONVEYOR', 'CUSTOM', 'DIRECTIONALITY'];
const activities = { active: 'running', inactive: 'stopped' } as const;
const ports = new Map([
  ['connected', 'on'],
  ['disconnected', 'off'],
] as const);

/* One object each: a sign that many reads give counts once. */
const byPort: Sign = { about: 'trigger', is: 'gpi' };
const byUs: Sign = { about: 'trigger', is: 'none' };

function createVoice(): Voice {
  const newlyDropped = createLosses();
  return {
    looksAt: ['type'],
    read: (message, sink) => {
      const type = isObject(message) ? wordOf(message['type']) : '';
      if (type === 'PORTAL') sink.sign(byPort, null);
      else if (unaided.includes(type)) sink.sign(byUs, null);
    },
    event: (message, at, sink) => {
      const lost = newlyDropped(sumUnder(message, 'numDataMessagesDropped'));
      if (lost > 0) sink.warn('READER_DROPPED', lost);
      const type = valueAt(message, 'type');
      if (type === 'heartbeat') tellRadio(valueAt(message, 'data.radio_control'), at, sink);
      if (type === 'error' || type === 'warning') tellComplaint(valueAt(message, 'data.message'), at, sink);
    },
    answer: (message) => {
      if (!isObject(message) || (message['command'] ?? null) === null) return null;
      const ok = message['response'] === 'success';
      const command = nameOf(message['command']);
      return { command, ok, error: ok ? null : 'internal', routine: false, fields: message };
    },
  };
}

/** By how much the number of dropped messages grew. It only ever grows: one that fell belongs to a reader that restarted, and all of it is new. */
function createLosses(): (dropped: number | null) => number {
  let before = 0;
  return (dropped) => {
    if (dropped === null) return 0;
    const last = dropped < before ? 0 : before;
    before = dropped;
    return dropped - last;
  };
}

type Tell = Parameters<Voice['event']>;

function tellRadio(radio: unknown, at: Tell[1], sink: Tell[2]): void {
  const antennas = valueAt(radio, 'antennas');
  for (const [port, word] of isObject(antennas) ? Object.entries(antennas).slice(0, HIGHEST_PORT) : []) {
    const is = ports.get(wordOf(word) as 'connected');
    if (is !== undefined) tellPort(port, is, at, sink);
  }
  tellInventory(activities, valueAt(radio, 'radioActivity'), at, sink);
}

function tellComplaint(text: unknown, at: Tell[1], sink: Tell[2]): void {
  if (typeof text !== 'string' || text === '') return;
  sink.sign({ about: 'complaint', error: 'internal', text: text.slice(0, LONGEST_TEXT) }, at);
}

function nameOf(command: unknown): string {
  return typeof command === 'string' && command !== '' ? command.slice(0, 60) : 'answer';
}
