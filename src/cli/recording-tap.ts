import { createServer, type Server, type Socket } from 'node:net';
import { GatewayError } from '../kit/index.ts';
import type { ByteLink, ByteLinkEvents, Recorder } from '../links/index.ts';

export type Tap = {
  /** The link to the device, not yet open. */
  readonly openDevice: (events: ByteLinkEvents) => ByteLink;
  readonly recorder: Pick<Recorder, 'wrap' | 'sent'>;
  /** Where the gateway calls instead of at the device. */
  readonly host: string;
  readonly port: number;
};

/**
 * Stands between a gateway and its reader: what either says is recorded and handed on. The device is opened when the gateway
 * calls and let go when it hangs up; a second caller takes the place of the first. Rejects with PORT_TAKEN; returns how to end it.
 */
export async function openTap({ openDevice, recorder, host, port }: Tap): Promise<() => Promise<void>> {
  let current: { readonly client: Socket; readonly device: ByteLink } | null = null;
  const leave = async () => {
    const was = current;
    current = null;
    was?.client.destroy();
    await was?.device.close();
  };
  const serve = (client: Socket) => {
    client.setNoDelay(true).pause();
    client.on('error', () => client.destroy());
    const device = openDevice(
      recorder.wrap({
        opened: () => void client.resume(),
        chunk: (bytes) => void client.write(Buffer.from(bytes)),
        lost: () => void client.destroy(),
      }),
    );
    current = { client, device };
    client.on('data', (bytes) => {
      recorder.sent(bytes);
      device.write(bytes).catch(() => client.destroy());
    });
    client.on('close', () => {
      if (current?.client === client) void leave();
    });
    device.open();
  };
  const server = await listening(host, port);
  server.on('connection', (client) => void leave().then(() => serve(client)));
  return async () => {
    server.close();
    await leave();
  };
}

function listening(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      reject(new GatewayError('PORT_TAKEN', `Cannot listen on ${host}:${port}: ${error.message}.`, { host, port })),
    );
    server.listen(port, host, () => resolve(server));
  });
}
