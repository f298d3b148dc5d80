import { type Json, objectsOf, wordOf } from '../../../../protocols/index.ts';
import { objectIn } from '../../control/answer.ts';
import { type MessageCommands, plainTalk, type RestAsk, type Wanted } from '../../control/dialect.ts';
import { activityIn, type IdentityQuestion, identify } from '../../control/identity.ts';

const powerSource =
  'hundredths of dBm; 33 dBm with its own power supply, 30 over PoE; the reader refuses more than its region allows';

/** The REST interface (Impinj IoT device interface, OpenAPI 1.7). Its mode is the inventory preset that the configuration names. */
export const r700Commands: MessageCommands = {
  over: 'rest',
  answerMs: 10_000,
  limits: {
    power: { minDbm: 10, maxDbm: 33, stepDbm: 0.25, source: powerSource },
    antennaPower: true,
    antennas: true,
    filter: false,
  },
  talk: (ask, preset) => {
    const place = `/api/v1/profiles/inventory/presets/${preset}`;
    return {
      ...plainTalk,
      identify: () => identify(questions(ask)),
      start: () => ask('POST', `${place}/start`),
      stop: () => ask('POST', '/api/v1/profiles/stop'),
      activity: async () => activityIn(await ask('GET', '/api/v1/status'), ['status'], ['running', 'armed']),
      mode: async () => objectIn(await ask('GET', place)),
      setMode: (mode) => ask('PUT', place, mode),
      modeWith,
    };
  },
};

function questions(ask: RestAsk): IdentityQuestion[] {
  const question = (path: string, fields: IdentityQuestion['fields']) => ({ ask: () => ask('GET', path), fields });
  return [
    question('/api/v1/status', {
      serial: ['serialNumber'],
      status: ['status'],
      preset: ['activePreset.id', 'activePreset'],
      mqtt: ['mqttBrokerConnectionStatus'],
    }),
    question('/api/v1/system', { model: ['productModel'], hardware: ['productHla'] }),
    question('/api/v1/system/image', { firmware: ['primaryFirmware'] }),
    question('/api/v1/system/region', { region: ['operatingRegion'] }),
  ];
}

/** A row per port; a port that had none gets the settings of the first row. */
function modeWith(present: Json, { antennas, power, antennaPower, session }: Wanted): Json {
  const mode: Record<string, unknown> = structuredClone(present);
  let rows = objectsOf(mode['antennaConfigs']);
  if (antennas !== undefined) {
    const before = rows;
    rows = antennas.map(
      (antennaPort) => before.find((row) => row['antennaPort'] === antennaPort) ?? { ...before[0], antennaPort },
    );
    mode['antennaConfigs'] = rows;
  }
  for (const row of rows) {
    const dbm = antennaPower?.[wordOf(row['antennaPort'])] ?? power;
    if (dbm !== undefined) row['transmitPowerCdbm'] = Math.round(dbm * 100);
    if (session !== undefined) row['inventorySession'] = session;
  }
  return mode;
}
