import { isObject, type Json, valueAt, wordOf } from '../../../../protocols/index.ts';
import { objectIn } from '../../control/answer.ts';
import { type MessageCommands, type MqttQuestion, plainTalk, type Wanted } from '../../control/dialect.ts';
import { activityIn, identify } from '../../control/identity.ts';

const powerSource = 'transmit power in tenths of dBm; a sled has one antenna';

/** Codes of an answer that refuses because it is so already. */
const alreadyRunning = '11';
const alreadyIdle = '12';

const question = (command: string, plane: MqttQuestion['plane'], more: Json = {}): MqttQuestion => ({
  plane,
  body: { command, ...more },
});

function operation(operation: 'START' | 'STOP', soAlready: string): MqttQuestion {
  return {
    plane: 'control',
    body: { command: 'control_operation', ctrlOprPayload: { controlType: 'RFID', operation } },
    isSoAlready: (answer) => wordOf(valueAt(answer, 'response.code')) === soAlready,
  };
}

export const rfd40Commands: MessageCommands = {
  over: 'mqtt',
  id: 'requestId',
  answerMs: 5_000,
  limits: {
    power: { minDbm: 0, maxDbm: 30, stepDbm: 0.1, source: powerSource },
    antennaPower: false,
    antennas: false,
    filter: false,
  },
  talk: (ask) => ({
    ...plainTalk,
    identify: () =>
      identify([
        {
          ask: () => ask(question('get_version', 'management')),
          fields: {
            model: ['readerVersion.model'],
            serial: ['readerVersion.deviceSerialNo', 'readerVersion.serialNumber'],
            firmware: ['readerVersion.firmwareVersion'],
          },
        },
        {
          ask: () => ask(question('get_current_region', 'management')),
          fields: { region: ['currentRegion.country'], standard: ['currentRegion.regulatoryStandard'] },
        },
      ]),
    start: () => ask(operation('START', alreadyRunning)),
    stop: () => ask(operation('STOP', alreadyIdle)),
    activity: async () =>
      activityIn(await ask(question('get_status', 'management')), ['deviceStatus.radioActivity'], ['active']),
    mode: async () => objectIn(await ask(question('get_operating_mode', 'control')), 'operatingMode.operatingModes'),
    setMode: (operatingModes) => ask(question('set_operating_mode', 'control', { operatingMode: { operatingModes } })),
    modeWith,
  }),
};

const advanced = { transmitPower: 300, linkProfile: 'M4_256K', session: 'SESSION_1', dynamicPower: false };

/** Power and session can be set in the profile ADVANCED only, which has to be sent whole. */
function modeWith({ advancedConfigurations: present }: Json, { power, session }: Wanted): Json {
  return {
    profiles: 'ADVANCED',
    advancedConfigurations: {
      ...advanced,
      ...(isObject(present) ? structuredClone(present) : {}),
      ...(power === undefined ? {} : { transmitPower: Math.round(power * 10) }),
      ...(session === undefined ? {} : { session: `SESSION_${session}` }),
    },
  };
}
