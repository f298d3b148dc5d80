import { GatewayError, silentLog } from '../kit/index.ts';
import { openSerial } from '../links/index.ts';
import type { Profile } from '../profiles/index.ts';
import type { ByteProfile, LineProfile } from '../protocols/index.ts';
import { type ByteSimulator, createByteSimulator } from './byte-simulator.ts';
import { checkFaults, playFaults, skewed } from './faults.ts';
import { createLineSimulator } from './line-simulator.ts';
import { startLlrpSimulator } from './llrp/simulator.ts';
import type { MessageOutlet } from './message-outlet.ts';
import { createMessageSimulator } from './message-simulator.ts';
import { offerPty } from './pty-line.ts';
import type { Behaviour, Simulator } from './simulator.ts';
import { listenTcp, type OfferedLine } from './tcp-line.ts';

/** Where the simulated reader is reached: it listens on TCP, offers a pty, opens a serial device, or publishes. */
export type SimulatorLink =
  | { readonly tcp: { readonly host: string; readonly port: number } }
  | { readonly pty: { readonly path: string } }
  | { readonly serial: { readonly path: string } }
  | { readonly mqtt: MessageOutlet };

export type SimulatorOptions = Behaviour & { readonly profile: Profile; readonly link: SimulatorLink };

/**
 * Starts a reader that speaks its profile's protocol. Rejects with CONFIG_INVALID when profile, link and faults do not go
 * together, PORT_TAKEN, or LINK_NOT_FOUND where a pty is asked for and the machine has no socat.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { profile, faults = {}, clock } = options;
  checkFaults(profile, faults);
  const simulator = await start({ ...options, clock: skewed(clock, faults) });
  const end = playFaults(simulator, faults, clock);
  return {
    ...simulator,
    stop: () => {
      end();
      return simulator.stop();
    },
  };
}

/** Whether what a simulated reader of that profile shows can be cards: their numbers are whole bytes, those of tags whole words. */
export function showsCards(profile: Profile): boolean {
  if (profile.kind === 'bytes') return profile.reports.some(({ idType }) => idType === 'uid');
  return profile.kind === 'lines' && profile.patterns.some(({ expression }) => expression.includes('(?<uid>'));
}

async function start({ profile, link, ...behaviour }: SimulatorOptions): Promise<Simulator> {
  if (profile.kind === 'messages') {
    if ('mqtt' in link) return createMessageSimulator(profile, behaviour, link.mqtt);
    throw new GatewayError('CONFIG_INVALID', `${profile.id} publishes messages: it needs an mqtt link.`);
  }
  if (profile.kind === 'llrp') {
    if ('tcp' in link) return startLlrpSimulator(profile, behaviour, link.tcp);
    throw new GatewayError('CONFIG_INVALID', `${profile.id} speaks LLRP: it needs a tcp link.`);
  }
  if ('mqtt' in link)
    throw new GatewayError('CONFIG_INVALID', `${profile.id} speaks bytes: it needs a pty, serial or tcp link.`);
  const simulator =
    profile.kind === 'lines' ? createLineSimulator(profile, behaviour) : createByteSimulator(profile, behaviour);
  const line = await openLine(profile, simulator, link, behaviour);
  return {
    ...simulator,
    address: line.address,
    stop: async () => {
      simulator.stop();
      await line.close();
    },
  };
}

type Wired = ByteProfile | LineProfile;
type ByteLine = Exclude<SimulatorLink, { readonly mqtt: MessageOutlet }>;

function openLine(
  profile: Wired,
  simulator: ByteSimulator,
  link: ByteLine,
  behaviour: Behaviour,
): Promise<OfferedLine> {
  if ('tcp' in link) return listenTcp(simulator, link.tcp.host, link.tcp.port);
  if ('pty' in link) return offerPty(simulator, link.pty.path, behaviour.clock);
  return Promise.resolve(openDevice(profile, simulator, link.serial.path, behaviour));
}

function openDevice(profile: Wired, simulator: ByteSimulator, path: string, behaviour: Behaviour): OfferedLine {
  const baudRate = profile.port.baud[0] ?? 115_200;
  const serial = openSerial(
    { path, baudRate },
    {
      // What is written while the device is away is lost, as on a real line.
      opened: () => simulator.connect((bytes) => void serial.write(bytes).catch(() => undefined)),
      chunk: (bytes) => simulator.receive(bytes),
      lost: () => simulator.disconnect(),
    },
    { ...behaviour, log: silentLog },
  );
  serial.open();
  return { address: path, close: () => serial.close() };
}
