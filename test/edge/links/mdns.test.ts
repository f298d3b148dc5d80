import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/kit/index.ts';
import { ptrQuestion, readRecords } from '../../../src/links/dns-message.ts';
import { browseMdns } from '../../../src/links/index.ts';

const service = '_llrp._tcp.local';
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

const label = (text: string) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const name = (text: string) => Buffer.concat([...text.split('.').map(label), Buffer.from([0])]);
const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));

function record(owner: Buffer, type: number, data: Buffer): Buffer {
  return Buffer.concat([owner, u16(type, 0x8001, 0, 120, data.length), data]);
}

/** What a reader's responder sends: PTR in the answer, SRV and A besides, names cut short by pointers. */
function answer(instance: string, host: string, port: number, address: string): Buffer {
  const owner = name(service);
  const toService = u16(0xc00c);
  const target = Buffer.concat([label(instance), toService]);
  const full = name(`${instance}.${service}`);
  const header = u16(0, 0x8400, 0, 1, 0, 2);
  const bytes = [
    record(owner, 12, target),
    record(full, 33, Buffer.concat([u16(0, 0, port), name(host)])),
    record(name(host), 1, Buffer.from(address.split('.').map(Number))),
  ];
  return Buffer.concat([header, ...bytes]);
}

async function respond(answers: readonly Buffer[], group = false): Promise<number> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  sockets.push(socket);
  socket.on('message', (question, from) => {
    if (Buffer.compare(question, Buffer.from(ptrQuestion(service))) !== 0) return;
    for (const bytes of answers) socket.send(bytes, from.port, from.address);
  });
  socket.bind(group ? 5353 : 0, group ? undefined : '127.0.0.1');
  await once(socket, 'listening');
  if (group) socket.addMembership('224.0.0.251', '127.0.0.1');
  return socket.address().port;
}

describe('browsing by multicast DNS', () => {
  test('finds readers that answer, with instance, host, port and address, each once', async () => {
    const dock = answer('Dock FX9600', 'fx9600-1.local', 5084, '10.0.0.7');
    const port = await respond([dock, answer('Ceiling', 'r420.local', 5085, '10.0.0.8'), dock]);
    const found = await browseMdns({ service, ms: 400, clock: systemClock, to: { address: '127.0.0.1', port } });
    expect(found).toEqual([
      { instance: 'ceiling', host: 'r420.local', port: 5085, addresses: ['10.0.0.8'] },
      { instance: 'dock fx9600', host: 'fx9600-1.local', port: 5084, addresses: ['10.0.0.7'] },
    ]);
  });

  test('the group of the local network is asked, on every network of this machine', async () => {
    await respond([answer('Ceiling', 'r420.local', 5084, '10.0.0.8')], true);
    const found = await browseMdns({ service, ms: 400, clock: systemClock });
    expect(found.map(({ instance }) => instance)).toContain('ceiling');
  });

  test('silence is nobody', async () => {
    const port = await respond([]);
    const found = await browseMdns({ service, ms: 50, clock: systemClock, to: { address: '127.0.0.1', port } });
    expect(found).toEqual([]);
  });
});

describe('a DNS message', () => {
  test('cut at any byte gives the records before the cut, and never throws', () => {
    const whole = answer('Dock', 'fx.local', 5084, '10.0.0.7');
    const counts = Array.from({ length: whole.length + 1 }, (_, size) => readRecords(whole.subarray(0, size)).length);
    expect(counts.at(-1)).toBe(3);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  test('whose name points at itself ends', () => {
    const looped = Buffer.concat([u16(0, 0x8400, 0, 1, 0, 0), u16(0xc00c, 12, 1, 0, 120, 2, 0xc00c)]);
    expect(readRecords(looped)).toEqual([]);
  });

  test('of random bytes never throws and stays small', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(readRecords(bytes).length).toBeLessThan(201);
      }),
      { numRuns: 2_000 },
    );
  });
});
