import { isObject, type MessageProfile, objectsOf } from '../../../protocols/index.ts';
import { simulatedIdentity } from '../../message-identity.ts';
import { type DeviceState, plainInside, type RestReply, type SimulatedInside } from '../../message-inside.ts';

const presets = '/api/v1/profiles/inventory/presets/';
const done: RestReply = { status: 204, body: null };
const told = (body: unknown): RestReply => ({ status: 200, body });

const row = {
  transmitPowerCdbm: 3000,
  rfMode: 1110,
  inventorySession: 1,
  inventorySearchMode: 'dual-target',
  estimatedTagPopulation: 32,
};

/** A simulated R700: presets over REST, births and wills as texts, an overflow event after a full buffer. */
export function r700Inside(profile: MessageProfile): SimulatedInside {
  const { serial, firmware, region, model } = simulatedIdentity(profile);
  const facts: Readonly<Record<string, unknown>> = {
    '/api/v1/system': { productModel: model },
    '/api/v1/system/image': { primaryFirmware: firmware },
    '/api/v1/system/region': { operatingRegion: region },
  };
  return {
    ...plainInside,
    mode: {
      eventConfig: { common: { hostname: 'enabled' } },
      antennaConfigs: [1, 2].map((antennaPort) => ({ antennaPort, ...row })),
    },
    serve: (method, path, body, state) => {
      if (method !== 'GET') return ordered(method, path, body, state);
      if (path === '/api/v1/status') return told({ serialNumber: serial, status: state.active ? 'running' : 'idle' });
      if (path.startsWith(presets)) return told(state.mode);
      return Object.hasOwn(facts, path) ? told(facts[path]) : { status: 404, body: null };
    },
    letsIn: ({ antenna }, { antennaConfigs }) =>
      !Array.isArray(antennaConfigs) || objectsOf(antennaConfigs).some((one) => one['antennaPort'] === antenna),
    says: { online: 'connected', offline: 'connection lost' },
    overflow: (lost, kept) => {
      const time = '2026-11-21T09:00:00.000Z';
      const overflowEvent = {
        firstEventTimestamp: time,
        lastEventTimestamp: time,
        eventsPurged: lost,
        eventsRemaining: kept,
      };
      return { timestamp: time, eventType: 'overflow', overflowEvent };
    },
  };
}

function ordered(method: string, path: string, body: unknown, state: DeviceState): RestReply {
  const isPreset = path.startsWith(presets);
  if (method === 'POST' && isPreset && path.endsWith('/start')) state.active = true;
  else if (method === 'POST' && path === '/api/v1/profiles/stop') state.active = false;
  else if (method !== 'PUT' || !isPreset) return { status: 404, body: null };
  else if (isObject(body)) state.mode = body;
  else return { status: 400, body: { message: 'no preset' } };
  return done;
}
