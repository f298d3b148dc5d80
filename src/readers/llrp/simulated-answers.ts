import type { LlrpProfile } from '../profile/llrp-profile.ts';
import { type MessageName, messageTypes } from './message.ts';
import type { LlrpFaults } from './simulated-device.ts';
import type { DeviceMemory, HeldRoSpec } from './simulated-memory.ts';
import { capabilityParameters, device } from './simulated-words.ts';
import { inner, inners, listIn, numberIn, type Told, writeMessage, writeParameter } from './tree.ts';

export type DeviceScene = {
  readonly profile: LlrpProfile;
  readonly memory: DeviceMemory;
  readonly faults: LlrpFaults;
};

/** Status code and phrase, or parameters of a success. */
type Answer = { readonly code: number; readonly text: string } | readonly Uint8Array[];

const FIELD_ERROR = 101;
const refuse = (text: string, code = FIELD_ERROR): Answer => ({ code, text });
const done: Answer = [];

/** The reader's answer to a request; null for messages that have none. */
export function answerTo(told: Told, version: number, scene: DeviceScene): Uint8Array | null {
  const { memory, profile, faults } = scene;
  const newest = faults.old === true ? 1 : profile.newestVersion;
  const head = { version: memory.version, id: told.id };
  if (version > newest) return writeMessage('ERROR_MESSAGE', head, {}, [statusParameter(110, '')]);
  if (told.name === 'CUSTOM_MESSAGE') return customAnswer(told, scene, head);
  const act = acts[told.name];
  if (act === undefined) return null;
  const answer = faults.refuse === told.name ? refuse('told to refuse') : act(told, scene);
  const name = responseTo(told.name);
  const values = { current: memory.version, supported: newest };
  const isRefusal = 'code' in answer;
  const status = isRefusal ? statusParameter(answer.code, answer.text) : statusParameter(0, '');
  return writeMessage(name, head, values, isRefusal ? [status] : [status, ...answer]);
}

function responseTo(name: MessageName): MessageName {
  const response = `${name}_RESPONSE`;
  return response in messageTypes ? (response as MessageName) : 'ERROR_MESSAGE';
}

function statusParameter(code: number, text: string): Uint8Array {
  return writeParameter('LLRPStatus', { code, text });
}

function customAnswer(told: Told, { profile, memory }: DeviceScene, head: { version: number; id: number }) {
  const { enable } = profile;
  const known = enable?.vendor === numberIn(told, 'vendor') && enable.subtype === numberIn(told, 'subtype');
  if (!known) return writeMessage('ERROR_MESSAGE', head, {}, [statusParameter(109, '')]);
  memory.extended = true;
  const { vendor, answer: subtype } = enable;
  return writeMessage('CUSTOM_MESSAGE', head, { vendor, subtype }, [statusParameter(0, '')]);
}

const acts: Partial<Record<MessageName, (told: Told, scene: DeviceScene) => Answer>> = {
  GET_SUPPORTED_VERSION: () => done,
  SET_PROTOCOL_VERSION: (told, { memory }) => {
    memory.version = numberIn(told, 'version');
    return done;
  },
  GET_READER_CAPABILITIES: (_, { profile }) => capabilityParameters(profile.enable !== undefined),
  GET_ROSPECS: (_, { memory }) =>
    memory.list().map(({ id, state }) => writeParameter('ROSpec', { roSpecId: id, priority: 0, state })),
  SET_READER_CONFIG: (told, { memory }) => {
    memory.keepaliveMs = numberIn(inner(told, 'KeepaliveSpec'), 'periodMs');
    memory.holds = numberIn(inner(told, 'EventsAndReports'), 'hold') >= 0x80;
    return done;
  },
  ADD_ROSPEC: (told, { memory }) => addRoSpec(told, memory),
  DELETE_ROSPEC: (told, { memory }) => {
    const id = numberIn(told, 'roSpecId');
    if (id !== 0 && memory.find(id) === undefined) return refuse(`There is no ROSpec ${id}`);
    memory.delete(id);
    return done;
  },
  ENABLE_ROSPEC: (told, { memory }) => change(told, memory, (spec) => (spec.state === 0 ? 1 : null)),
  START_ROSPEC: (told, { memory }) => change(told, memory, (spec) => (spec.state === 1 ? 2 : null)),
  STOP_ROSPEC: (told, { memory }) => change(told, memory, (spec) => (spec.state === 2 ? 1 : null)),
  DISABLE_ROSPEC: (told, { memory }) => change(told, memory, () => 0),
  DELETE_ACCESSSPEC: () => done,
  CLOSE_CONNECTION: () => done,
};

function change(told: Told, memory: DeviceMemory, next: (spec: HeldRoSpec) => 0 | 1 | 2 | null): Answer {
  const id = numberIn(told, 'roSpecId');
  const spec = memory.find(id);
  if (spec === undefined) return refuse(`There is no ROSpec ${id}`);
  const state = next(spec);
  if (state === null) return refuse(`ROSpec ${id} is in state ${spec.state}`);
  spec.state = state;
  return done;
}

function addRoSpec(told: Told, memory: DeviceMemory): Answer {
  const spec = inner(told, 'ROSpec');
  const id = numberIn(spec, 'roSpecId');
  if (spec === undefined || id === 0) return refuse('ROSpec is missing');
  if (memory.find(id) !== undefined) return refuse(`ROSpec ${id} already exists`);
  if (memory.list().length >= device.roSpecs) return refuse('There are as many ROSpecs as there can be');
  const search = inner(spec, 'AISpec');
  const antennas = listIn(search, 'antennas');
  if (antennas.some((port) => port > device.antennas)) return refuse('AntennaID is out of range');
  const custom = inner(inner(spec, 'ROReportSpec'), 'Custom');
  if (custom !== undefined && !memory.extended) return refuse('Custom is not enabled', 111);
  const settings = inners(inner(search, 'InventoryParameterSpec'), 'AntennaConfiguration');
  const powers = settings.flatMap((setting) => inners(setting, 'RFTransmitter').map((rf) => numberIn(rf, 'power')));
  if (powers.some((power) => power < 1 || power > 81)) return refuse('TransmitPower is out of range');
  memory.add({ id, antennas });
  return done;
}
