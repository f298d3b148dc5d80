import type { CommandError } from '../../../command-error.ts';
import { valueAt } from '../../json.ts';
import { type MessagePlugin, plainPlugin, type Voice } from '../../plugin.ts';
import { tellInventory } from '../../signs.ts';
import { isObject, wordOf } from '../../values.ts';

/** Sleds RFD40 and RFD90 (Zebra IoT Connector for handheld readers): an envelope of their own, answers with codes. */
export const zebraRfd40: MessagePlugin = {
  ...plainPlugin,
  listen: () => voice,
};

const activities = { INPROGRESS: 'running', STOPPED: 'stopped' } as const;
/** 11: the radio is at work. */
const meanings = new Map<string, CommandError>([
  ['2', 'parameter'],
  ['5', 'busy'],
  ['11', 'busy'],
  ['22', 'parameter'],
  ['23', 'parameter'],
]);

const voice: Voice = {
  looksAt: [],
  read: () => undefined,
  event: (message, at, sink) => {
    if (valueAt(message, 'eventName') !== 'heartbeat') return;
    tellInventory(activities, valueAt(message, 'data.inventoryStatus.rfidStatus'), at, sink);
  },
  answer: (message) => {
    if (!isObject(message)) return null;
    const code = valueAt(message, 'response.code') ?? null;
    const { command } = message;
    if (code === null && (command ?? null) === null) return null;
    const ok = code === null ? null : code === 0;
    const error = ok === false ? (meanings.get(wordOf(code)) ?? 'internal') : null;
    const name = typeof command === 'string' && command !== '' ? command.slice(0, 60) : 'answer';
    return { command: name, ok, error, routine: false, fields: message };
  },
};
