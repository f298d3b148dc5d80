import { GatewayError } from '../../src/kit/index.ts';
import type { ByteLink, ByteLinkEvents, LinkState } from '../../src/links/index.ts';
import type { ByteSimulator } from '../../src/readers/simulators/byte-simulator.ts';

type Device = Pick<ByteSimulator, 'connect' | 'receive' | 'disconnect'>;

/** A byte line between a reader session and a simulated device, in one process and in virtual time. */
export type MemoryLine = {
  open(events: ByteLinkEvents): ByteLink;
  unplug(): void;
  plug(): void;
  /** The device says these bytes, whatever they are. */
  say(bytes: Uint8Array): void;
  /** Every frame that the gateway wrote, as upper-case hex. */
  readonly written: string[];
  /** How often a channel was made. */
  opens(): number;
};

export function memoryLine(device: Device, now: () => number): MemoryLine {
  const written: string[] = [];
  let current: ByteLinkEvents | null = null;
  let plugged = true;
  let opens = 0;
  let state: LinkState = { state: 'closed', since: now(), error: null };
  const connect = () => {
    if (current === null || !plugged) return;
    const events = current;
    state = { state: 'open', since: now(), error: null };
    device.connect((bytes) => events.chunk(bytes, now()));
    events.opened();
  };
  return {
    written,
    opens: () => opens,
    say: (bytes) => current?.chunk(bytes, now()),
    plug: () => {
      plugged = true;
      connect();
    },
    unplug: () => {
      plugged = false;
      device.disconnect();
      state = { state: 'waiting', since: now(), error: 'unplugged' };
      current?.lost('unplugged');
    },
    open: (events) => {
      opens += 1;
      return {
        open: () => {
          current = events;
          connect();
        },
        write: async (bytes) => {
          if (!plugged || current !== events) throw new GatewayError('LINK_LOST', 'unplugged');
          written.push(Buffer.from(bytes).toString('hex').toUpperCase());
          device.receive(bytes);
        },
        close: async () => {
          device.disconnect();
          if (current === events) current = null;
          state = { state: 'closed', since: now(), error: null };
        },
        state: () => state,
      };
    },
  };
}
