import { sumUnder } from '../../losses.ts';
import { type MessagePlugin, plainPlugin, plainVoice, type Voice } from '../../plugin.ts';
import { tellInventory, tellPort } from '../../signs.ts';
import { isObject } from '../../values.ts';

/** R700 and R720 (Impinj IoT device interface): EPC, PC and TID in base64, events of their own, a REST interface. */
export const impinjR700: MessagePlugin = {
  ...plainPlugin,
  map: {
    id: ['tagInventoryEvent', 'tagLocationEntryEvent', 'tagLocationUpdateEvent'].map((event) => ({
      path: `${event}.epc`,
      encoding: 'base64' as const,
    })),
    pc: [{ path: 'tagInventoryEvent.pc', encoding: 'base64' }],
    tid: [{ path: 'tagInventoryEvent.tid', encoding: 'base64' }],
  },
  statusTexts: { connected: 'online', 'connection lost': 'offline', '': 'offline' },
  listen: () => voice,
};

const words = { running: 'running', armed: 'armed', idle: 'stopped' } as const;

const voice: Voice = {
  ...plainVoice,
  event: (message, at, sink) => {
    const lost = sumUnder(message, 'eventsPurged');
    if (lost !== null && lost > 0) sink.warn('READER_OVERFLOW', lost);
    if (!isObject(message)) return;
    const { inventoryStatusEvent: status, antennaConnectedEvent: on, antennaDisconnectedEvent: off } = message;
    if (isObject(status)) tellInventory(words, status['status'], at, sink);
    else if ((message['inventoryTerminatedEvent'] ?? null) !== null)
      sink.sign({ about: 'inventory', is: 'stopped' }, at);
    else if (isObject(on)) tellPort(on['antennaPort'], 'on', at, sink);
    else if (isObject(off)) tellPort(off['antennaPort'], 'off', at, sink);
  },
};
