import {
  createLlrpFramer,
  type LlrpMessage,
  type LlrpProfile,
  readMessage,
  writeMessage,
  writeParameter,
  writeTlv,
} from '../../protocols/index.ts';
import { type Behaviour, everyAtRate, type Noise, type SimulatedTag } from '../simulator.ts';
import { createTagField, type FieldTag } from '../tag-field.ts';
import type { TagMemory } from '../tag-memory.ts';
import { type Air, access, hear } from './simulated-air.ts';
import { answerTo } from './simulated-answers.ts';
import type { LlrpFaults } from './simulated-faults.ts';
import { type AntennaSettings, createMemory, type DeviceMemory } from './simulated-memory.ts';
import { damagedReport, notification, tagReport } from './simulated-words.ts';

/** The reader's side of LLRP, without a wire. */
export type LlrpDevice = {
  /** A client is on the wire. The reader greets it at once. */
  connect(send: (bytes: Uint8Array) => void, hangUp?: () => void): void;
  receive(bytes: Uint8Array): void;
  disconnect(): void;
  connected(): boolean;
  /** Another client tried: the connected one is told (LLRP 1.0.1, 13.1.6.9). */
  tried(): void;
  setTags(tags: readonly SimulatedTag[]): void;
  setNoise(noise: Noise): void;
  setSilent(silent: boolean): void;
  setFaults(faults: LlrpFaults): void;
  /** Tells an event parameter. */
  tell(event: Uint8Array): void;
  /** As after a power cut: everything that was set up is gone, and the connection with it. */
  restart(): void;
  /** Puts a ROSpec of another program into the reader. */
  occupy(roSpecId: number): void;
  /** Ids of the ROSpecs in the reader. */
  roSpecs(): number[];
  /** Puts an enabled AccessSpec of another program into the reader, for any ROSpec. */
  occupyAccess(accessSpecId: number): void;
  accessSpecs(): number[];
  /** What the reader does on an antenna while it takes inventory; null while it does not use it. */
  settingsOf(antenna: number): AntennaSettings | null;
  /** Connects an antenna or pulls it off, and tells so. */
  setAntenna(port: number, connected: boolean): void;
  /** What stands on the tags before the reader, in the order in which they were given. */
  memories(): TagMemory[];
  counts(): { readonly reports: number; readonly commands: number; readonly acks: number };
  stop(): void;
};

const MOST_HELD = 1_000;
const CHANNELS = 50;

type Wire = { send(bytes: Uint8Array): void; hangUp(): void };

/** What the parts of one device share; `memory` and `wire` are replaced, never changed behind anybody's back. */
type Device = Air & {
  readonly profile: LlrpProfile;
  readonly behaviour: Behaviour;
  readonly field: ReturnType<typeof createTagField>;
  readonly count: { reports: number; commands: number; acks: number };
  noise: Noise;
  silent: boolean;
  faults: LlrpFaults;
  memory: DeviceMemory;
  wire: Wire | null;
  nextId: number;
  bundled: Uint8Array[];
};

export function createLlrpDevice(profile: LlrpProfile, behaviour: Behaviour): LlrpDevice {
  const { clock } = behaviour;
  const device: Device = {
    profile,
    behaviour,
    field: createTagField(behaviour.tags, behaviour.random),
    count: { reports: 0, commands: 0, acks: 0 },
    unplugged: new Set(),
    still: new Set(),
    operations: 0,
    noise: behaviour.noise ?? {},
    silent: false,
    faults: slowness(behaviour),
    memory: createMemory(),
    wire: null,
    nextId: 1,
    bundled: [],
  };
  const framer = createLlrpFramer({
    message: (message) => obey(device, message),
    broken: () => device.wire?.hangUp(),
  });
  const timers = [everyAtRate(clock, behaviour.rate, () => see(device)), keepAlive(device, clock)];
  return {
    connect: (send, hangUp = () => undefined) => {
      framer.reset();
      device.wire = { send, hangUp };
      greet(device, device.faults.busy === true ? 2 : 0);
    },
    receive: framer.push,
    disconnect: () => drop(device),
    connected: () => device.wire !== null,
    tried: () => greet(device, 4),
    ...handles(device),
    stop: () => {
      for (const timer of timers) timer.cancel();
    },
  };
}

function slowness({ faults = {} }: Behaviour): LlrpFaults {
  const { answerAfterMs } = faults;
  return answerAfterMs === undefined ? {} : { answerAfterMs };
}

/** What the one who runs the simulator may do to it. */
function handles(device: Device) {
  return {
    setTags: device.field.set,
    setNoise: (noise: Noise) => void Object.assign(device, { noise }),
    setSilent: (silent: boolean) => void Object.assign(device, { silent }),
    setFaults: (faults: LlrpFaults) => void Object.assign(device, { faults, operations: 0 }),
    tell: (event: Uint8Array) => tell(device, event),
    restart: () => {
      const was = device.wire;
      device.memory = createMemory();
      drop(device);
      was?.hangUp();
    },
    ...specs(device),
    setAntenna: (port: number, connected: boolean) => {
      if (connected) device.unplugged.delete(port);
      else device.unplugged.add(port);
      tell(device, writeParameter('AntennaEvent', { kind: connected ? 1 : 0, antenna: port }));
    },
    memories: () => device.field.present().map(({ memory }) => memory),
    counts: () => ({ ...device.count }),
  };
}

/** What was put into the reader, by us or by others. */
function specs(device: Device) {
  return {
    occupy: (roSpecId: number) => device.memory.add({ id: roSpecId, antennas: [0], settings: new Map() }),
    roSpecs: () => device.memory.list().map(({ id }) => id),
    occupyAccess: (id: number) =>
      void device.memory.accessSpecs.set(id, {
        id,
        antenna: 0,
        roSpecId: 0,
        command: undefined,
        enabled: true,
        left: 0,
      }),
    accessSpecs: () => [...device.memory.accessSpecs.keys()],
    settingsOf: (antenna: number) => device.memory.settingsOf(antenna),
  };
}

function drop(device: Device): void {
  device.wire = null;
  device.bundled = [];
  device.memory.away();
}

function put(device: Device, bytes: Uint8Array): void {
  if (device.silent) return;
  const step = device.faults.byteAtATime === true ? 1 : Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += step) device.wire?.send(bytes.subarray(at, at + step));
}

function head(device: Device) {
  device.nextId += 1;
  return { version: device.memory.version, id: device.nextId };
}

function tell(device: Device, event: Uint8Array): void {
  put(device, notification(head(device), device.behaviour.clock.now(), event));
}

function greet(device: Device, status: number): void {
  tell(device, writeParameter('ConnectionAttemptEvent', { status }));
}

/** One tag passes an antenna. */
function see(device: Device): void {
  const { memory, field, noise, behaviour } = device;
  const happens = (chance: number | undefined) => chance !== undefined && behaviour.random() < chance;
  const tag = memory.reading() ? field.read() : null;
  const heard = tag === null ? null : hear(device, tag);
  if (heard === null || happens(noise.drop)) return;
  if (happens(noise.garbage)) put(device, unknownMessage(head(device)));
  deliver(device, reportOf(device, heard, access(device, heard), happens(noise.checksum)));
}

function reportOf(device: Device, tag: FieldTag, results: readonly Uint8Array[], damaged: boolean): Uint8Array {
  const { behaviour, memory, count } = device;
  const [now, channel] = [behaviour.clock.now(), 1 + (count.reports % CHANNELS)];
  const sighting = { tag, results, now, channel, phase: Math.floor(behaviour.random() * 4096) };
  count.reports += 1;
  const report = damaged ? damagedReport(tag) : tagReport(sighting, memory.extended);
  return writeMessage('RO_ACCESS_REPORT', head(device), {}, [report]);
}

function deliver(device: Device, report: Uint8Array): void {
  const { memory, wire, bundled, faults } = device;
  if (wire === null || !memory.released) hold(memory, report);
  else bundled.push(report);
  if (bundled.length < (faults.bundle ?? 1)) return;
  device.bundled = [];
  put(device, Buffer.concat(bundled));
}

function obey(device: Device, message: LlrpMessage): void {
  const read = readMessage(message);
  if (!read.ok || device.silent) return;
  const { told } = read;
  const { count, faults, behaviour } = device;
  count[told.name === 'KEEPALIVE_ACK' ? 'acks' : 'commands'] += 1;
  if (told.name === 'ENABLE_EVENTS_AND_REPORTS') release(device);
  if (told.name === 'ADD_ROSPEC') device.still.clear();
  const answer = answerTo(told, message.version, device);
  if (answer === null || faults.mute === told.name) return;
  const say = () => {
    const tag = faults.reportFirst === true ? device.field.read() : null;
    put(device, tag === null ? answer : Buffer.concat([reportOf(device, tag, [], false), answer]));
    if (told.name === 'CLOSE_CONNECTION') device.wire?.hangUp();
  };
  if (faults.answerAfterMs === undefined) say();
  else behaviour.clock.after(faults.answerAfterMs, say);
}

function release(device: Device): void {
  const { held, overflowed } = device.memory;
  device.memory.release();
  if (overflowed) tell(device, writeParameter('ReportBufferOverflowErrorEvent'));
  for (const report of held) put(device, report);
}

function hold(memory: DeviceMemory, report: Uint8Array): void {
  if (!memory.holds) return;
  if (memory.held.length < MOST_HELD) memory.held.push(report);
  else memory.overflow();
}

/** A message of a type that nobody knows. */
function unknownMessage({ id }: { readonly id: number }): Uint8Array {
  const message = Buffer.from(writeMessage('CUSTOM_MESSAGE', { version: 1, id }, {}, [writeTlv(999, Buffer.alloc(4))]));
  message.writeUInt16BE(0x0784, 0);
  return message;
}

/** KEEPALIVE every so many ms as the client asked for. */
function keepAlive(device: Device, clock: Behaviour['clock']) {
  let last = clock.now();
  return clock.every(100, () => {
    const { keepaliveMs } = device.memory;
    if (keepaliveMs === 0 || clock.now() - last < keepaliveMs) return;
    last = clock.now();
    put(device, writeMessage('KEEPALIVE', head(device)));
  });
}
