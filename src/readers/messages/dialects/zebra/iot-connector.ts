import { parseNumber, valueAt } from '../../../../protocols/index.ts';
import { objectIn } from '../../control/answer.ts';
import type { MessageCommands, MqttAsk } from '../../control/dialect.ts';
import { activityIn, identify } from '../../control/identity.ts';
import { modeWith } from './iot-connector/mode.ts';
import { question } from './iot-connector/question.ts';
import { createAccess } from './iot-connector/tag-access.ts';

const powerSource = 'dBm; 36 dBm EIRP on the ATR7000, the others end earlier, at what their region allows';

export const iotCommands: MessageCommands = {
  over: 'mqtt',
  id: 'command_id',
  answerMs: 5_000,
  limits: {
    power: { minDbm: 0, maxDbm: 36, stepDbm: 0.1, source: powerSource },
    antennaPower: true,
    antennas: true,
    filter: true,
  },
  talk: (ask) => ({
    identify: () =>
      identify([
        {
          ask: () => ask(question('get_version', 'management')),
          fields: {
            model: ['payload.model'],
            serial: ['payload.serialNumber'],
            firmware: ['payload.readerApplication'],
            radioFirmware: ['payload.radioFirmware'],
          },
        },
        {
          ask: () => ask(question('get_region', 'management')),
          fields: { region: ['payload.region'], standard: ['payload.regulatoryStandard'] },
        },
      ]),
    start: () => ask(question('start')),
    stop: () => ask(question('stop')),
    activity: async () => activityIn(await ask(question('get_status', 'management')), activityAt, ['active']),
    mode: async () => objectIn(await ask(question('get_mode')), 'payload'),
    setMode: (mode) => ask(question('set_mode', 'control', mode)),
    modeWith,
    allows: (powers) => allows(ask, powers),
    access: (modes, clock) => createAccess(ask, modes, clock),
  }),
};

/** The second is how some firmwares spell it. */
const activityAt = ['payload.radioActivity', 'payload.radioActivitiy'];

/** The reader names its region's limits in tenths of dBm. */
async function allows(ask: MqttAsk, powers: readonly number[]): Promise<boolean> {
  const reply = await ask(question('get_region', 'management'));
  const limit = (key: string) => (reply.ok ? parseNumber(valueAt(reply.value, `payload.${key}`)) : null);
  const [least, most] = [limit('minTxPowerSupported') ?? -1000, limit('maxTxPowerSupported') ?? 1000];
  return powers.every((dbm) => dbm * 10 >= least && dbm * 10 <= most);
}
