import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { program } from '../../../src/cli/program.ts';
import { brokerOf } from '../../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'silentgate-key-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A configuration file with its own data folder; `mqtt` is the inside of its mqtt section. */
function site(name: string, mqtt: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `site: { id: ${name} }
data: ./${name}
mqtt: { ${mqtt} }
locations: [{ id: back, kind: back-room }]
readPoints: [{ id: dock-in, location: back, kind: portal }]
readers:
  - { id: dock-1, profile: impinj/r700, link: { mqtt: { topic: rfid/dock-1/events } }, antennas: { 1: dock-in } }
  - { id: dock-2, profile: zebra/iot-connector, link: { mqtt: { topic: rfid/dock-2/#, commandTopic: rfid/dock-2/cmd, responseTopic: rfid/dock-2/rsp } }, antennas: { 1: dock-in } }
  - { id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: dock-in } }
`,
  );
  return file;
}

async function key(file: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const hear = (stream: 'out' | 'err') => (text: unknown) => {
    said[stream] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear('err')),
  ];
  process.exitCode = 0;
  try {
    await program(['node', 'silentgate', 'key', ...args, '--config', file]);
    return { code: Number(process.exitCode), ...said };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}

const account = /^username ([0-9A-Za-z]{10})\npassword (sgm_[0-9A-Za-z]{43})\n$/;

test('key create --mqtt prints user name and password, and says what the account may do', async () => {
  const file = site('made', 'broker: embedded, host: 0.0.0.0');
  const { code, out, err } = await key(file, 'create', '--mqtt', '--reader', 'dock-1,dock-2');
  const [, id = '', password = ''] = account.exec(out) ?? [];
  expect([code, id.length]).toEqual([0, 10]);
  expect(err).toBe(
    `Broker account ${id} (dock-1 dock-2) for dock-1 dock-2: publishes on rfid/dock-1/events rfid/dock-2/# rfid/dock-2/rsp, listens on rfid/dock-2/cmd. It is shown only this once.\n`,
  );
  const list = await key(file, 'list');
  expect(list.out).toBe(`${id}\tdock-1 dock-2\t-\tnever used\tmqtt\tdock-1 dock-2\n`);
  expect(list.out).not.toContain(password);
  expect((await key(file, 'revoke', id)).out).toBe(`Key ${id} is revoked.\n`);
  expect((await key(file, 'list')).out).toMatch(/\t-\trevoked 2[^\t]*\tmqtt\tdock-1 dock-2/);
});

test('key create names an account as it is asked to, and says so where the broker asks for none', async () => {
  const file = site('named', 'broker: embedded');
  const { out, err } = await key(file, 'create', '--mqtt', '--reader', 'dock-1', '--name', 'left door');
  expect(out).toMatch(account);
  expect(err).toContain('mqtt.access is open');
  expect((await key(file, 'list')).out).toContain('\tleft door\t-\tnever used\tmqtt\tdock-1\n');
});

test('key create --reader binds an API key, which the list shows', async () => {
  const file = site('bound', 'broker: embedded');
  const made = await key(file, 'create', '--name', 'app', '--scope', 'reads:write', '--reader', 'app-1');
  expect(made.out).toMatch(/^sg_/);
  expect(made.err).toContain('with reads:write, bound to app-1');
  await key(file, 'create', '--name', 'till', '--scope', 'stock:read');
  const { out } = await key(file, 'list');
  expect(out).toContain('\tapp\treads:write\tnever used\thttp\tapp-1\n');
  expect(out).toContain('\ttill\tstock:read\tnever used\thttp\t-\n');
});

test('key create refuses what makes no sense, says what is allowed, and makes nothing', async () => {
  const file = site('refused', 'broker: embedded');
  const refused: [string[], RegExp][] = [
    [['--mqtt'], /--mqtt needs --reader: an account is a reader’s\. There are: dock-1 dock-2\./],
    [['--mqtt', '--reader', 'dock-9'], /no reader dock-9; there are: dock-1 dock-2 app-1\./],
    [['--mqtt', '--reader', 'app-1'], /app-1 is not reached over MQTT\. Over MQTT there are: dock-1 dock-2\./],
    [['--mqtt', '--reader', 'dock-1', '--scope', 'reads:write'], /--mqtt takes no --scope/],
    [['--mqtt', '--reader', 'dock-1', '--name', 'a\u202eb'], /invisible character/],
    [['--name', 'x', '--scope', 'reads:write', '--reader', 'app-9'], /no reader app-9; there are: dock-1/],
    [['--name', 'x', '--scope', 'stock:read', '--reader', 'app-1'], /None of stock:read is about a reader/],
    [['--name', 'x', '--scope', 'all', '--reader', 'app-1'], /cannot have events:read keys:admin/],
    [['--name', 'x', '--scope', 'everything'], /There is no scope everything; allowed: stock:read/],
    [['--name', 'x'], /needs --name and --scope/],
    [['--scope', 'stock:read'], /needs --name and --scope/],
  ];
  for (const [args, message] of refused) {
    const { code, out, err } = await key(file, 'create', ...args);
    expect([args, code, out]).toEqual([args, 1, '']);
    expect(err).toMatch(message);
  }
  expect(existsSync(join(folder, 'refused'))).toBe(true);
  expect((await key(file, 'list')).out).toBe('');
  const other = site('other', 'url: "mqtt://broker.lan"');
  expect((await key(other, 'create', '--mqtt', '--reader', 'dock-1')).err).toMatch(/is for the embedded broker/);
});

test('the embedded broker asks for accounts unless only this machine reaches it, or the file says otherwise', () => {
  const accessOf = (host?: string, access?: 'accounts' | 'open') =>
    brokerOf({ broker: 'embedded', ...(host && { host }), ...(access && { access }) }, () => []).access;
  for (const host of [undefined, '127.0.0.1', '127.0.0.53', '127.255.255.254', '::1', 'localhost'])
    expect([host, accessOf(host)]).toEqual([host, 'open']);
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.5',
    'fe80::1',
    '127.evil.example',
    '127.1',
    'gateway.lan',
    '::ffff:10.0.0.5',
  ])
    expect([host, accessOf(host)]).toEqual([host, 'accounts']);
  expect([accessOf('0.0.0.0', 'open'), accessOf('127.0.0.1', 'accounts')]).toEqual(['open', 'accounts']);
  expect(brokerOf({ url: 'mqtt://broker.lan' }, () => []).access).toBeNull();
});
