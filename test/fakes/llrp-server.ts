import { createServer, type Socket } from 'node:net';
import { message, notification, tlv, u16 } from '../core/protocols/llrp/by-hand.ts';
import { listen } from './listen.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');
/** LLRPStatus, by the standard's tables. */
const status = (code: number) => tlv(287, u16(code), u16(0));
/** Message types of requests and of their answers. */
const answers: Readonly<Record<number, number>> = {
  1: 11,
  2: 12,
  3: 13,
  14: 4,
  20: 30,
  21: 31,
  22: 32,
  24: 34,
  41: 51,
  44: 54,
};
const ERROR_MESSAGE = 100;
const ENABLE_EVENTS_AND_REPORTS = 64;
const KEEPALIVE_ACK = 72;
const CUSTOM_MESSAGE = 1023;
const GET_ROSPECS = 26;

export type LlrpServer = {
  readonly port: number;
  /** Message types that came, over all connections. */
  readonly asked: number[];
  connections(): number;
  /** Writes to the client that is connected. */
  say(hex: string): void;
  saying(bytes: Uint8Array): Promise<void>;
  drop(): void;
  /** Its ROSpecs are gone, as after another program deleted them. */
  forget(): void;
  /** From now on these message types are answered by an ERROR_MESSAGE with that status. */
  refuse(types: readonly number[], code?: number): void;
  /** From now on nothing is answered. */
  mute(on: boolean): void;
  /** Called for each client that has been set up. */
  onReading(run: () => void): void;
  close(): Promise<void>;
};

/** An LLRP 1.0.1 reader on TCP whose every byte is made by hand: it greets, answers all requests, and says what a test has it say. */
export async function startLlrpServer(): Promise<LlrpServer> {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const now = { refused: [] as readonly number[], code: 100, isMute: false, reading: () => undefined as unknown };
  let count = 0;
  let roSpecs: string[] = [];
  const replyTo = (type: number, body: string): [type: number, ...parts: string[]] => {
    if (type === CUSTOM_MESSAGE) return [CUSTOM_MESSAGE, body.slice(0, 8), '01', status(0)];
    if (type === GET_ROSPECS) return [36, status(0), ...roSpecs];
    const known = answers[type];
    return known === undefined ? [ERROR_MESSAGE, status(109)] : [known, status(0)];
  };
  const answer = (socket: Socket, type: number, id: number, body: string) => {
    const isRefused = now.refused.includes(type);
    if (now.isMute || type === KEEPALIVE_ACK) return;
    if (type === ENABLE_EVENTS_AND_REPORTS && !isRefused) return void now.reading();
    if (type === 20) roSpecs = [body];
    if (type === 21) roSpecs = [];
    const [kind, ...parts] = isRefused ? [ERROR_MESSAGE, status(now.code)] : replyTo(type, body);
    socket.write(bytes(message(Number(kind), parts.map(String), { id })));
  };
  const server = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    let held = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.write(bytes(notification(tlv(256, u16(0)))));
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 10 && held.length >= held.readUInt32BE(2)) {
        const length = held.readUInt32BE(2);
        const type = held.readUInt16BE(0) & 0x3ff;
        asked.push(type);
        answer(socket, type, held.readUInt32BE(6), held.subarray(10, length).toString('hex'));
        held = held.subarray(length);
      }
    });
  });
  const port = await listen(server);
  return {
    port,
    asked,
    connections: () => count,
    say: (hex) => {
      for (const socket of sockets) socket.write(bytes(hex));
    },
    saying: async (large) => {
      for (const socket of sockets) {
        if (!socket.write(large)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
      }
    },
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    forget: () => {
      roSpecs = [];
    },
    refuse: (types, code = 100) => {
      now.refused = types;
      now.code = code;
    },
    mute: (on) => {
      now.isMute = on;
    },
    onReading: (run) => {
      now.reading = run;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
