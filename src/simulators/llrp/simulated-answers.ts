import {
  inner,
  inners,
  type LlrpProfile,
  listIn,
  type MessageName,
  type MessageTree,
  messageTypes,
  numberIn,
  type Parameter,
  writeMessage,
  writeParameter,
} from '../../protocols/index.ts';
import type { LlrpFaults } from './simulated-faults.ts';
import type { AntennaSettings, DeviceMemory, HeldRoSpec } from './simulated-memory.ts';
import { capabilityParameters, configParameters, dbmOf, detailParameters, device } from './simulated-words.ts';

export type DeviceScene = {
  readonly profile: LlrpProfile;
  readonly memory: DeviceMemory;
  readonly faults: LlrpFaults;
  /** Ports without an antenna. */
  readonly unplugged: ReadonlySet<number>;
};

/** Status code and phrase, or parameters of a success. */
type Answer = { readonly code: number; readonly text: string } | readonly Uint8Array[];

const FIELD_ERROR = 101;
const refuse = (text: string, code = FIELD_ERROR): Answer => ({ code, text });
const done: Answer = [];

/** The reader's answer to a request; null for messages that have none. */
export function answerTo(told: MessageTree, version: number, scene: DeviceScene): Uint8Array | null {
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

function customAnswer(told: MessageTree, { profile, memory }: DeviceScene, head: { version: number; id: number }) {
  const { enable } = profile;
  const known = enable?.vendor === numberIn(told, 'vendor') && enable.subtype === numberIn(told, 'subtype');
  if (!known) return writeMessage('ERROR_MESSAGE', head, {}, [statusParameter(109, '')]);
  memory.extended = true;
  const { vendor, answer: subtype } = enable;
  return writeMessage('CUSTOM_MESSAGE', head, { vendor, subtype }, [statusParameter(0, '')]);
}

const acts: Partial<Record<MessageName, (told: MessageTree, scene: DeviceScene) => Answer>> = {
  GET_SUPPORTED_VERSION: () => done,
  SET_PROTOCOL_VERSION: (told, { memory }) => {
    memory.version = numberIn(told, 'version');
    return done;
  },
  GET_READER_CAPABILITIES: (told, { profile }) => [
    ...capabilityParameters(profile.enable !== undefined),
    ...(inner(told, 'Custom') === undefined ? [] : detailParameters(profile)),
  ],
  GET_READER_CONFIG: (_, { unplugged }) => configParameters((port) => !unplugged.has(port)),
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
  ADD_ACCESSSPEC: (told, { memory }) => addAccessSpec(told, memory),
  DELETE_ACCESSSPEC: (told, { memory }) => {
    const id = numberIn(told, 'accessSpecId');
    if (id === 0) memory.accessSpecs.clear();
    return id === 0 || memory.accessSpecs.delete(id) ? done : refuse(`There is no AccessSpec ${id}`);
  },
  ENABLE_ACCESSSPEC: (told, { memory }) => enable(told, memory, true),
  DISABLE_ACCESSSPEC: (told, { memory }) => enable(told, memory, false),
  GET_ACCESSSPECS: (_, { memory }) =>
    [...memory.accessSpecs.values()].map(({ id, antenna, roSpecId, enabled }) =>
      writeParameter('AccessSpec', {
        accessSpecId: id,
        antennaId: antenna,
        protocol: 1,
        state: enabled ? 0x80 : 0,
        roSpecId,
      }),
    ),
  CLOSE_CONNECTION: () => done,
};

function change(told: MessageTree, memory: DeviceMemory, next: (spec: HeldRoSpec) => 0 | 1 | 2 | null): Answer {
  const id = numberIn(told, 'roSpecId');
  const spec = memory.find(id);
  if (spec === undefined) return refuse(`There is no ROSpec ${id}`);
  const state = next(spec);
  if (state === null) return refuse(`ROSpec ${id} is in state ${spec.state}`);
  spec.state = state;
  return done;
}

function addRoSpec(told: MessageTree, memory: DeviceMemory): Answer {
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
  const settings = settingsIn(search);
  if (settings === null) return refuse('TransmitPower is out of range');
  memory.add({ id, antennas, settings });
  return done;
}

/** What each antenna is to do; null for a power that is not in the table. */
function settingsIn(search: Parameter | undefined): ReadonlyMap<number, AntennaSettings> | null {
  const found = inners(inner(search, 'InventoryParameterSpec'), 'AntennaConfiguration').map((antenna) => {
    const rf = inner(antenna, 'RFTransmitter');
    const dbm = rf === undefined ? null : (dbmOf(numberIn(rf, 'power')) ?? Number.NaN);
    const command = inner(antenna, 'C1G2InventoryCommand');
    const control = inner(command, 'C1G2SingulationControl');
    const settings: AntennaSettings = {
      dbm,
      session: control === undefined ? null : numberIn(control, 'session') >> 6,
      population: control === undefined ? null : numberIn(control, 'population'),
      filters: inners(command, 'C1G2Filter'),
    };
    return [numberIn(antenna, 'antennaId'), settings] as const;
  });
  return found.some(([, { dbm }]) => Number.isNaN(dbm)) ? null : new Map(found);
}

function addAccessSpec(told: MessageTree, memory: DeviceMemory): Answer {
  const spec = inner(told, 'AccessSpec');
  const id = numberIn(spec, 'accessSpecId');
  if (spec === undefined || id === 0) return refuse('AccessSpec is missing');
  if (memory.accessSpecs.has(id)) return refuse(`AccessSpec ${id} already exists`);
  const command = inner(spec, 'AccessCommand');
  const operations = (command?.inside.length ?? 0) - 1;
  if (operations < 1 || operations > device.opSpecs) return refuse('There are too many or too few OpSpecs');
  const left = numberIn(inner(spec, 'AccessSpecStopTrigger'), 'count');
  const [antenna, roSpecId] = [numberIn(spec, 'antennaId'), numberIn(spec, 'roSpecId')];
  memory.accessSpecs.set(id, { id, antenna, roSpecId, command, enabled: false, left });
  return done;
}

function enable(told: MessageTree, { accessSpecs }: DeviceMemory, enabled: boolean): Answer {
  const id = numberIn(told, 'accessSpecId');
  const spec = accessSpecs.get(id);
  if (spec === undefined) return refuse(`There is no AccessSpec ${id}`);
  spec.enabled = enabled;
  return done;
}
