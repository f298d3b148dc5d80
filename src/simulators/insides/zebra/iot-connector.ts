import {
  isObject,
  type Json,
  type MessageProfile,
  memoryBanks,
  objectsOf,
  valueAt,
  wordOf,
} from '../../../protocols/index.ts';
import { simulatedIdentity } from '../../message-identity.ts';
import { type DeviceState, plainInside, type SimulatedInside } from '../../message-inside.ts';
import type { TagAnswer, TagMemory } from '../../tag-memory.ts';

/** A simulated fixed reader: mode, filter and operations of the IoT Connector, and the losses in its heartbeat. */
export function iotInside(profile: MessageProfile): SimulatedInside {
  const { model, serial, firmware, radioFirmware, region, standard } = simulatedIdentity(profile);
  const facts: Readonly<Record<string, unknown>> = {
    get_version: { model, serialNumber: serial, readerApplication: firmware, radioFirmware },
    get_region: { region, regulatoryStandard: standard, minTxPowerSupported: 100, maxTxPowerSupported: 300 },
  };
  return {
    ...plainInside,
    mode: {
      type: 'INVENTORY',
      antennas: [1, 2],
      transmitPower: 27,
      tagMetaData: ['ANTENNA', 'RSSI', 'SEEN_COUNT'],
      environment: 'AUTO_DETECT',
    },
    hasMemory: true,
    answer: ({ command, command_id, payload }, state) => {
      const isDone = obeyed(wordOf(command), payload, state);
      const told = toldOf(wordOf(command), state, facts);
      const said = { command, command_id, response: isDone ? 'success' : 'failure' };
      return told === undefined ? said : { ...said, payload: told };
    },
    letsIn: ({ epc, antenna }, { antennas, filter }) => {
      const prefix = isObject(filter) ? wordOf(filter['value']).toUpperCase() : '';
      return (!Array.isArray(antennas) || antennas.includes(antenna)) && epc.startsWith(prefix);
    },
    carryOut: (memory, { accesses }, report) => {
      if (Array.isArray(accesses) && isObject(report['data'])) {
        report['data']['accessResults'] = resultsOf(memory, objectsOf(accesses));
      }
      return report;
    },
    beat: (heartbeat, lost) => {
      const gateway = valueAt(heartbeat, 'data.reader_gateway');
      if (isObject(gateway)) gateway['numDataMessagesDropped'] = lost;
    },
  };
}

/** Whether what was ordered could be done. */
function obeyed(command: string, payload: unknown, state: DeviceState): boolean {
  if (command === 'start' || command === 'stop') state.active = command === 'start';
  if (command !== 'set_mode') return true;
  if (!isObject(payload)) return false;
  state.mode = structuredClone(payload);
  return true;
}

function toldOf(command: string, { active, mode }: DeviceState, facts: Readonly<Record<string, unknown>>): unknown {
  if (command === 'get_status') return { radioActivity: active ? 'active' : 'inactive' };
  if (command === 'get_mode') return mode;
  return Object.hasOwn(facts, command) ? facts[command] : undefined;
}

function resultsOf(memory: TagMemory, operations: readonly Json[]): string[] {
  let password: string | null = null;
  return operations.map(({ type, config }) => {
    const { membank, wordPointer, wordCount, data, password: given }: Json = isObject(config) ? config : {};
    if (type === 'ACCESS') {
      password = wordOf(given);
      return 'SUCCESS';
    }
    const bank = memoryBanks.find((name) => name === wordOf(membank).toLowerCase());
    if (bank === undefined) return 'Error: Parameter';
    const word = Number(wordPointer);
    return type === 'READ'
      ? sentenceOf(memory.read(bank, word, Number(wordCount), password))
      : sentenceOf(memory.write(bank, word, wordOf(data).toUpperCase(), password));
  });
}

const sentences = {
  noTag: 'did not respond',
  badPassword: 'password',
  locked: 'lock',
  memory: 'overrun',
  tag: 'General Error 0x0F',
};

/** Words in lower case, as fixed readers write them; or a sentence that says what went wrong. */
function sentenceOf(answer: TagAnswer): string {
  if (!answer.ok) return `Error: ${sentences[answer.error]}`;
  return answer.data === '' ? 'SUCCESS' : answer.data.toLowerCase();
}
