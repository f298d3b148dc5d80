import { createServer, type Server, type Socket } from 'node:net';
import { GatewayError, messageOf } from '../../kit/index.ts';
import type { LlrpProfile } from '../../protocols/index.ts';
import type { Behaviour, Simulator } from '../simulator.ts';
import { createLlrpDevice, type LlrpDevice } from './simulated-device.ts';

/** A simulated LLRP reader on TCP, with what only it can do. */
export type LlrpSimulator = Simulator &
  Omit<LlrpDevice, 'connect' | 'receive' | 'disconnect' | 'connected' | 'tried' | 'stop' | 'counts'> & {
    acks(): number;
    readonly port: number;
  };

/** Starts a reader that speaks LLRP; port 0 takes a free one. Rejects with PORT_TAKEN. */
export async function startLlrpSimulator(
  profile: LlrpProfile,
  behaviour: Behaviour,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<LlrpSimulator> {
  const device = createLlrpDevice(profile, behaviour);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => serve(device, sockets, socket));
  const bound = await listen(server, host, port);
  return {
    ...device,
    address: `${host}:${bound}`,
    port: bound,
    acks: () => device.counts().acks,
    stop: () => {
      device.stop();
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** Lets the client on `socket` talk to the simulated reader. */
export function serve(device: LlrpDevice, sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const isSecond = device.connected();
  socket.on('close', () => {
    sockets.delete(socket);
    if (!isSecond) device.disconnect();
  });
  if (isSecond) {
    // A reader takes one client: the first one hears of it, the second one is sent away.
    device.tried();
    return void socket.end();
  }
  socket.on('data', (bytes) => device.receive(bytes));
  device.connect(
    (bytes) => {
      if (!socket.destroyed) socket.write(bytes);
    },
    () => socket.end(),
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const text = `Cannot listen on ${host}:${port}: ${messageOf(error)}.`;
      reject(new GatewayError('PORT_TAKEN', text, { host, port }, error));
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}
