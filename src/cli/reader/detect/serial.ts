import { realpath } from 'node:fs/promises';
import { listSerialPorts, tapSerial } from '../../../links/index.ts';
import { detectSerial, lineFormats, type SerialFinding, serialReaders, yamlOf } from '../../../readers/index.ts';
import type { Report, Search } from './search.ts';

type Port = { readonly path: string; readonly byId: string | null; readonly device: string | null };
type Finding = SerialFinding & Port;

/** Looks at all serial ports at once, or at those that were named. */
export async function findSerial({ flags, deps, profiles }: Search): Promise<Report> {
  const ports = flags.port === undefined ? await allPorts() : await Promise.all(flags.port.map(namedPort));
  const findings = await Promise.all(
    ports.map(async (port): Promise<Finding> => {
      const finding = await detectSerial(port.path, {
        profiles,
        clock: deps.clock,
        listenMs: flags.listen * 1000,
        open: (path, { baudRate, format }, events) =>
          tapSerial({ path, baudRate, ...lineFormats[format] }, events, deps),
      });
      return { ...port, ...finding };
    }),
  );
  const readers = serialReaders(findings, profiles);
  const none = 'There is no serial port on this machine: plug the reader in, or name a port with --port PATH.';
  return {
    lines: findings.length === 0 ? [none] : findings.map(line),
    yaml: yamlOf(readers),
    data: { serial: findings },
    readers: readers.length,
  };
}

async function allPorts(): Promise<Port[]> {
  return (await listSerialPorts()).map(({ path, byId, manufacturer, vendorId, productId }) => {
    const ids = vendorId === null ? '' : `${vendorId}:${productId ?? ''}`;
    return { path, byId, device: [manufacturer, ids].filter((part) => part !== null && part !== '').join(' ') || null };
  });
}

/** A path that was named is the one to configure; its by-id name is shown where it has one. */
async function namedPort(path: string): Promise<Port> {
  const real = await realpath(path).catch(() => path);
  const known = (await listSerialPorts()).find((port) => port.path === real);
  return { path, byId: path === real ? (known?.byId ?? null) : null, device: known?.manufacturer ?? null };
}

function line({ path, byId, device, found, error }: Finding): string {
  const where = `${byId ?? path}${device === null ? '' : ` (${device})`}`;
  if (error !== null) return `${where}: cannot be looked at. ${error}`;
  if (found === null) {
    return `${where}: nobody answers. A reader of cards only talks: hold a card to it and try again with --listen 3.`;
  }
  const { profile, identity, how, baudRate, alternatives } = found;
  const others = alternatives.length === 0 ? '' : `; ${alternatives.join(' or ')} fits as well`;
  return `${where}: ${profile} at ${baudRate} baud, ${how}${identity === null ? '' : ` "${identity}"`}${others}`;
}
