import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { message, report, tlv, tv } from '../core/protocols/llrp/by-hand.ts';
import { type LlrpServer, startLlrpServer } from '../fakes/llrp-server.ts';
import { command, type Daemon, epcOf, eventually, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const servers = new Map<string, LlrpServer>();
let daemon: Daemon;

type Row = {
  readonly reads: number;
  readonly link: { readonly state: string };
  readonly findings: readonly { readonly code: string; readonly text: string }[];
};
const row = (id: string) => daemon.get<Row>(`/readers/${id}`);
const server = (id: string): LlrpServer => {
  const found = servers.get(id);
  if (found === undefined) throw new Error(`no reader ${id}`);
  return found;
};
const one = report(tv(13, epcOf(1)));
/** A TagReportData as readers send it: EPC, antenna, RSSI, first and last seen, count. */
const tag = (serial: number) =>
  tlv(
    240,
    tv(13, epcOf(serial)),
    tv(1, '0001'),
    tv(6, 'CE'),
    tv(2, '0004EC2EA8354C09'),
    tv(4, '0004EC2EA8354C09'),
    tv(8, '0001'),
  );

beforeAll(async () => {
  for (const id of ['pad', 'config', 'large']) servers.set(id, await startLlrpServer());
  server('pad').onReading(() => server('pad').say(`${one}0000${message(62, [])}`));
  server('config').refuse([3]);
  server('config').onReading(() => server('config').say(one));
  const readers = [...servers].map(
    ([id, { port }]) =>
      `  - { id: ${id}, profile: generic/llrp, link: { tcp: { host: 127.0.0.1, port: ${port} } }, antennas: { 1: shelf-1 } }\n`,
  );
  daemon = await startDaemon(
    folder.path,
    `site: { id: broken-readers, name: 測試店 }
http: { host: 127.0.0.1, port: 0 }
locations: [{ id: floor, kind: sales-floor, name: 賣場 }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers:
${readers.join('')}`,
  );
});

afterAll(async () => {
  await daemon?.stop();
  for (const one of servers.values()) await one.close();
  folder.remove();
});

it('a reader whose stream breaks on every connection is never well, is one line in the log, and doctor names the cause', async () => {
  await eventually(
    () => row('pad'),
    ({ findings }) => findings[0]?.code === 'READER_UNREADABLE',
  );
  while (server('pad').connections() < 6) {
    const { findings } = await row('pad');
    expect(findings[0]?.code).toBe('READER_UNREADABLE');
    expect(findings[0]?.text).toContain('does not keep to the format of LLRP: it sent 0000043E');
  }
  const lines = daemon
    .output()
    .split('\n')
    .filter((line) => line.includes('"pad"'));
  expect(lines.filter((line) => line.includes('link is not open'))).toHaveLength(1);
  expect(lines.length).toBeLessThanOrEqual(3);
  expect(command(folder.path, ['doctor']).out).toContain('does not keep to the format of LLRP');
}, 60_000);

it('a reader that refuses SET_READER_CONFIG is read, and the finding names that and no ROSpec', async () => {
  const { findings } = await eventually(
    () => row('config'),
    ({ reads }) => reads > 0,
  );
  expect(findings[0]).toMatchObject({ code: 'READER_PARTLY_SET_UP' });
  expect(findings[0]?.text).toMatch(/It refuses SET_READER_CONFIG: .*: a parameter is wrong \(100\)/);
  expect(findings[0]?.text).not.toContain('ROSpec');
  expect(server('config').connections()).toBe(1);
});

it('a report of 30,000 tags is read in one connection, in bounded memory', async () => {
  await eventually(
    () => row('large'),
    ({ link }) => link.state === 'open',
  );
  await eventually(
    () => server('large').asked,
    (asked) => asked.includes(64),
  );
  const tags = Array.from({ length: 30_000 }, (_, serial) => tag(1_000 + serial));
  const bytes = Buffer.from(message(61, tags), 'hex');
  expect(bytes.length).toBeGreaterThan(1_290_000);
  const before = peakKb();
  await server('large').saying(bytes);
  const { reads } = await eventually(
    () => row('large'),
    (now) => now.reads >= 30_000,
    60,
  );
  expect(reads).toBe(30_000);
  expect(server('large').connections()).toBe(1);
  expect(peakKb() - before).toBeLessThan(200_000);
}, 90_000);

/** The most memory that the gateway has had so far. */
function peakKb(): number {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}
