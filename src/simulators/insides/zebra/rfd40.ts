import { isObject, type Json, type MessageProfile, valueAt, wordOf } from '../../../protocols/index.ts';
import { simulatedIdentity } from '../../message-identity.ts';
import { type DeviceState, plainInside, type SimulatedInside } from '../../message-inside.ts';

const mode = { profiles: 'BALANCED_PERFORMANCE' };

/** A simulated sled: births and wills as messages, and modes that it takes in part and forgets. */
export function rfd40Inside(profile: MessageProfile): SimulatedInside {
  const { model, serial, firmware, region, standard } = simulatedIdentity(profile);
  const facts: Readonly<Record<string, Json>> = {
    get_version: { readerVersion: { model, deviceSerialNo: serial, firmwareVersion: firmware } },
    get_current_region: { currentRegion: { country: region, regulatoryStandard: standard } },
  };
  const says = (connectionState: string) => ({ connectionState, deviceModel: model, deviceSerialNo: serial });
  return {
    ...plainInside,
    mode,
    forgetsMode: true,
    answer: (message, state) => {
      const { command, requestId } = message;
      const code = codeFor(message, state);
      const more = code === 0 ? told(wordOf(command), state, facts) : {};
      return { command, requestId, response: { code }, ...more };
    },
    says: { online: says('CONNECTED'), offline: says('DISCONNECTED') },
  };
}

/** 0 for what was done; 11 while it reads, 12 while it does not, 2 for what it cannot take. */
function codeFor(message: Json, state: DeviceState): number {
  if (message['command'] === 'control_operation') {
    const start = valueAt(message, 'ctrlOprPayload.operation') === 'START';
    const code = start ? 11 : 12;
    const isSoAlready = state.active === start;
    state.active = start;
    return isSoAlready ? code : 0;
  }
  if (message['command'] !== 'set_operating_mode') return 0;
  const wanted = valueAt(message, 'operatingMode.operatingModes');
  if (!isObject(wanted)) return 2;
  if (state.active) return 11;
  state.mode = withParts(state.mode, structuredClone(wanted));
  return 0;
}

function told(command: string, { active, mode }: DeviceState, facts: Readonly<Record<string, Json>>): Json {
  if (command === 'get_status') return { deviceStatus: { radioActivity: active ? 'active' : 'inactive' } };
  if (command === 'get_operating_mode') return { operatingMode: { operatingModes: mode } };
  return Object.hasOwn(facts, command) ? (facts[command] ?? {}) : {};
}

/** The two laid over one another, object by object. */
function withParts(base: Json, over: Json): Json {
  const parts = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    return [key, isObject(before) && isObject(value) ? withParts(before, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(parts) };
}
