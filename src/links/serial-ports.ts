import { readdir } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { byIdLinks, defaultByIdFolder } from './serial-path.ts';

/** One serial port of this machine. `byId` is the path to configure where there is one; what is unknown is null. */
export type SerialPortInfo = {
  readonly path: string;
  readonly byId: string | null;
  readonly manufacturer: string | null;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
};

const deviceName = /^tty(USB|ACM|AMA|THS|mxc)\d+$/;

/** The serial ports of this machine, by path. Without `udevadm` (slim containers) only paths are known; never rejects. */
export async function listSerialPorts(byIdFolder = defaultByIdFolder): Promise<SerialPortInfo[]> {
  const links = await byIdLinks(byIdFolder);
  const listed = await SerialPort.list().catch(() => []);
  const names = await readdir('/dev').catch(() => []);
  const ports = new Map<string, SerialPortInfo>();
  const add = (path: string, known: Partial<Awaited<ReturnType<typeof SerialPort.list>>[number]>) => {
    if (ports.has(path)) return;
    ports.set(path, {
      path,
      byId: links.get(path) ?? null,
      manufacturer: known.manufacturer ?? null,
      vendorId: known.vendorId ?? null,
      productId: known.productId ?? null,
      serialNumber: known.serialNumber ?? null,
    });
  };
  for (const port of listed) add(port.path, port);
  for (const name of names) if (deviceName.test(name)) add(`/dev/${name}`, {});
  for (const device of links.keys()) add(device, {});
  return [...ports.values()].sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}
