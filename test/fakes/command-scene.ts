import type { Log } from '../../src/kit/index.ts';
import { compileFraming } from '../../src/protocols/bytes/framing.ts';
import type { ByteProfile } from '../../src/protocols/vocabulary/byte-profile.ts';
import type { Operation } from '../../src/protocols/vocabulary/operations.ts';
import { openByteReader } from '../../src/readers/bytes/byte-reader.ts';
import type { ReaderCommand } from '../../src/readers/commands/command.ts';
import type { CommandResult } from '../../src/readers/commands/result.ts';
import type { ReaderOptions } from '../../src/readers/options.ts';
import { compileUnderstanding } from '../../src/simulators/byte-obedience.ts';
import { createByteSimulator } from '../../src/simulators/byte-simulator.ts';
import { compileSayings } from '../../src/simulators/sayings.ts';
import type { SimulatedTag } from '../../src/simulators/simulator.ts';
import type { TagAnswer } from '../../src/simulators/tag-memory.ts';
import { createSupervision } from '../../src/supervision/supervise.ts';
import { type ReadBatch, readsOf, type TagRead } from '../../src/tags/index.ts';
import { type ManualClock, manualClock } from './manual-clock.ts';
import { memoryLine } from './memory-line.ts';

type TagError = Extract<TagAnswer, { ok: false }>['error'];

/** What goes wrong with one command that the gateway sends. `obeyed`: the tag does it, whatever is heard of it. */
export type LineFault =
  | { readonly kind: 'silence' | 'lostAnswer' | 'damagedAnswer' | 'unplug' | 'unplugAfter' | 'restart' }
  | { readonly kind: 'otherTag'; readonly epc: string }
  | { readonly kind: 'error'; readonly error: TagError };

export type SceneOptions = {
  readonly tags?: readonly SimulatedTag[];
  readonly config?: Partial<ReaderOptions>;
  readonly rate?: number;
};

export const wanted = '3034257BF7194E4000001A85';
export const neighbour = 'E28011700000020A7B2C4D5E';

/** Commands on tags' memory: where faults strike. */
const onTags: readonly Operation[] = ['readMemory', 'writeMemory', 'writeEpc', 'lock', 'kill'];

/**
 * A reader of that profile on command, with a simulated device whose tags have memory, in virtual time. `fault` is asked
 * for each command on a tag that is sent, from 0.
 */
export function commandScene(profile: ByteProfile, options: SceneOptions = {}) {
  const clock = manualClock();
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const { tags = [{ epc: wanted, antenna: 1, rssi: -50 }], rate = 50 } = options;
  const device = createByteSimulator(profile, { tags, rate, clock, random });
  const faulty = faultyDevice(profile, device);
  const line = memoryLine(faulty, clock.now);
  faulty.cut = () => {
    line.unplug();
    clock.after(2_000, line.plug);
  };
  const reads: TagRead[] = [];
  const lines: Logged[] = [];
  const config: ReaderOptions = {
    id: 'desk',
    profile: profile.id,
    link: { serial: { path: '/dev/ttyUSB0' } },
    antennas: { '1': 'desk' },
    ...options.config,
  };
  const log = keptLog(lines);
  const onReads = async (batch: ReadBatch) => void reads.push(...readsOf(batch));
  const reader = openByteReader({
    supervise: createSupervision,
    config,
    profile,
    openBytes: line.open,
    clock,
    log,
    onReads,
  });
  const run = (command: ReaderCommand) => untilTold(clock, reader.command(command));
  return { clock, device, faulty, line, reads, lines, reader, run };
}

/** Lets virtual time pass until a command has its result. */
export async function untilTold(clock: ManualClock, pending: Promise<CommandResult>): Promise<CommandResult> {
  let result: CommandResult | null = null;
  void pending.then((told) => {
    result = told;
  });
  for (let waited = 0; result === null && waited < 120_000; waited += 20) await clock.advance(20);
  if (result === null) throw new Error('the command never ended');
  return result;
}

/** A line of the log. */
export type Logged = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: string };

/** A log that is kept. */
export function keptLog(lines: Logged[]): Log {
  const keep = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void lines.push({ ...fields, level, message });
  const log: Log = {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
    trace: keep('trace'),
    isLevelEnabled: () => true,
    child: () => log,
  };
  return log;
}

type Device = ReturnType<typeof createByteSimulator>;

/** Stands between line and device and lets single commands go wrong. */
function faultyDevice(profile: ByteProfile, device: Device) {
  const words = compileSayings(profile);
  const understand = compileUnderstanding(profile);
  const framings = profile.framing.map((framing) => compileFraming(framing, 'toReader'));
  const operationOf = (bytes: Uint8Array) =>
    framings.map((framing) => understand(framing.body(bytes))?.operation).find((found) => found !== undefined);
  let send: (bytes: Uint8Array) => void = () => undefined;
  let hears: (bytes: Uint8Array) => void = (bytes) => send(bytes);
  const silently = (run: () => void, instead: (bytes: Uint8Array) => void = () => undefined) => {
    hears = instead;
    run();
    hears = (bytes) => send(bytes);
  };
  const self = {
    cut: (): void => undefined,
    fault: (_index: number, _operation: Operation): LineFault | undefined => undefined,
    seen: [] as Operation[],
    connect: (to: (bytes: Uint8Array) => void) => {
      send = to;
      device.connect((bytes) => hears(bytes));
    },
    disconnect: device.disconnect,
    receive: (bytes: Uint8Array) => {
      const operation = operationOf(bytes);
      if (operation === undefined || !onTags.includes(operation)) return device.receive(bytes);
      const fault = self.fault(self.seen.length, operation);
      self.seen.push(operation);
      const obey = () => device.receive(bytes);
      switch (fault?.kind) {
        case undefined:
          return obey();
        case 'silence':
          return undefined;
        case 'lostAnswer':
          return silently(obey);
        case 'damagedAnswer':
          return silently(obey, (answer) => send(damaged(answer)));
        case 'unplug':
          return self.cut();
        case 'unplugAfter':
          silently(obey);
          return self.cut();
        case 'restart':
          return device.restart?.();
        case 'otherTag':
          return device.say?.(words.answer(operation, { epc: fault.epc, memory: 'BEEF', tags: 1 }) ?? new Uint8Array());
        case 'error':
          return device.say?.(words.error(operation, fault.error));
      }
    },
  };
  return self;
}

/** A frame whose check is wrong. */
function damaged(frame: Uint8Array): Uint8Array {
  return frame.map((byte, i) => (i === frame.length - 2 ? byte ^ 0x55 : byte));
}
