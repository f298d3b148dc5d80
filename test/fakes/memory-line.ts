import { GatewayError, said } from '../../src/kit/index.ts';
import { type ByteLink, type ByteLinkEvents, linkState } from '../../src/links/index.ts';
import type { ByteSimulator } from '../../src/simulators/byte-simulator.ts';

type Device = Pick<ByteSimulator, 'connect' | 'receive' | 'disconnect'>;

/** A byte line between a reader session and a simulated device, in one process and in virtual time. */
export type MemoryLine = {
  open(events: ByteLinkEvents, speed?: () => number): ByteLink;
  /** From now on only a channel of this speed is understood, either way; at another one the gateway hears noise. */
  talkAt(speed: number): void;
  unplug(): void;
  plug(): void;
  /** The device says these bytes, whatever they are. */
  say(bytes: Uint8Array): void;
  /** Every frame that the gateway wrote, as upper-case hex. */
  readonly written: string[];
  /** How often the channel was opened by the reader, or anew after the reader gave it up. */
  opens(): number;
};

export function memoryLine(device: Device, now: () => number): MemoryLine {
  const written: string[] = [];
  let current: ByteLinkEvents | null = null;
  let plugged = true;
  let spoken: number | null = null;
  let opened: number | undefined;
  const agrees = () => spoken === null || spoken === opened;
  let opens = 0;
  let state = linkState('closed', now());
  const connect = () => {
    if (current === null || !plugged) return;
    const events = current;
    state = linkState('open', now());
    device.connect((bytes) => events.chunk(agrees() ? bytes : bytes.map((byte) => byte ^ 0x9c), now()));
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
      state = linkState('waiting', now(), said('unplugged'));
      current?.lost(said('unplugged'));
    },
    talkAt: (speed) => {
      spoken = speed;
    },
    open: (events, speed) => {
      const begin = () => {
        opens += 1;
        current = events;
        opened = speed?.();
        connect();
      };
      return {
        open: begin,
        // Without the pause of a real link, which has tests of its own.
        hold: () => undefined,
        giveUp: (reason) => {
          if (!plugged || current !== events) return;
          device.disconnect();
          state = linkState('waiting', now(), reason);
          events.lost(reason);
          queueMicrotask(() => current === events && begin());
        },
        write: async (bytes) => {
          if (!plugged || current !== events) throw new GatewayError('LINK_LOST', 'unplugged');
          written.push(Buffer.from(bytes).toString('hex').toUpperCase());
          if (agrees()) device.receive(bytes);
        },
        close: async () => {
          device.disconnect();
          if (current === events) current = null;
          state = linkState('closed', now());
        },
        state: () => state,
      };
    },
  };
}
