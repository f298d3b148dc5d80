import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { type Clock, pause } from '../kit/index.ts';
import { type DnsRecord, ptrQuestion, readRecords } from './dns-message.ts';

/** A service that says by multicast DNS where it is. */
export type MdnsService = {
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  /** IPv4 addresses; empty where none was told. */
  readonly addresses: readonly string[];
};

export type MdnsSearch = {
  /** Such as `_llrp._tcp.local`. */
  readonly service: string;
  readonly ms: number;
  readonly clock: Clock;
  /** Whom to ask, default the multicast group of the local network. */
  readonly to?: { readonly address: string; readonly port: number };
};

const group = { address: '224.0.0.251', port: 5353 };
const MOST_RECORDS = 5_000;

/**
 * Asks every network of this machine who offers a service, twice, and gives what was answered within `ms`. The question
 * comes from a port of its own, so that answers come back to it alone (RFC 6762, 6.7). Never rejects: a network that
 * cannot be asked gives nothing.
 */
export async function browseMdns({ service, ms, clock, to = group }: MdnsSearch): Promise<MdnsService[]> {
  const records: DnsRecord[] = [];
  const take = (message: Uint8Array) => {
    if (records.length < MOST_RECORDS) records.push(...readRecords(message));
  };
  const sockets = (await Promise.all(addresses().map((address) => listen(address, take)))).filter(
    (socket) => socket !== null,
  );
  const question = ptrQuestion(service);
  for (let turn = 0; turn < 2; turn++) {
    for (const socket of sockets) socket.send(question, to.port, to.address, () => undefined);
    await pause(clock, ms / 2);
  }
  for (const socket of sockets) socket.close();
  return servicesIn(records, service.toLowerCase());
}

function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .filter((entry) => entry?.family === 'IPv4')
    .map((entry) => entry?.address ?? '');
}

function listen(address: string, take: (message: Uint8Array) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('message', take);
    socket.once('error', () => resolve(null));
    socket.bind(0, address, () => {
      socket.on('error', () => undefined);
      try {
        socket.setMulticastInterface(address);
        resolve(socket);
      } catch {
        socket.close();
        resolve(null);
      }
    });
  });
}

function servicesIn(records: readonly DnsRecord[], service: string): MdnsService[] {
  const found = new Map<string, MdnsService>();
  for (const pointer of records) {
    if (pointer.type !== 'PTR' || pointer.name !== service) continue;
    const place = records.find((record) => record.type === 'SRV' && record.name === pointer.target);
    if (place?.type !== 'SRV') continue;
    const { target: host, port } = place;
    const addresses = records.flatMap((record) =>
      record.type === 'A' && record.name === host ? [record.address] : [],
    );
    const instance = pointer.target.slice(0, -service.length - 1);
    found.set(pointer.target, { instance, host, port, addresses: [...new Set(addresses)] });
  }
  return [...found.values()].sort((a, b) => a.instance.localeCompare(b.instance));
}
