import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startBroker } from '../../src/links/index.ts';
import { type Mosquitto, startMosquitto } from '../fakes/mosquitto.ts';
import { type Background, background, command, epcOf, temporaryFolder } from './harness.ts';

const scratch = temporaryFolder();
const running: Background[] = [];
let broker: Mosquitto;

beforeAll(async () => {
  broker = await startMosquitto();
});

afterAll(async () => {
  for (const one of running) await one.interrupt();
  await broker.stop();
  scratch.remove();
});

async function simulate(profile: string, link: string, ...flags: string[]): Promise<void> {
  const reader = background(scratch.path, ['simulate', '--profile', profile, '--link', link, ...flags]);
  running.push(reader);
  await reader.until(`${profile} at `);
}

const detect = (...flags: string[]) => command(scratch.path, ['reader', 'detect', ...flags]);

describe('silentgate reader detect', () => {
  it('finds a module on a real pty, and prints what to paste', async () => {
    const path = join(scratch.path, 'tty');
    await simulate('magicrf/m100', `pty:${path}`);
    const { code, out } = detect('--port', path, '--listen', '0.1');
    expect(code).toBe(0);
    expect(out).toContain(`${path}: magicrf/m100 at 115200 baud, answered "M100 26dBm V1.0"`);
    const [, yaml = ''] = out.split('\n\n');
    expect(parse(yaml)).toEqual({
      readers: [{ id: 'm100-1', profile: 'magicrf/m100', link: { serial: { path } }, antennas: { 1: 'READ_POINT' } }],
    });
    const again = detect('--port', path, '--listen', '0.1', '--json');
    expect(JSON.parse(again.out)).toMatchObject({
      serial: [{ path, found: { profile: 'magicrf/m100', baudRate: 115_200, how: 'answered' }, error: null }],
    });
  }, 60_000);

  it('says why a port cannot be looked at', () => {
    const { code, out } = detect('--port', '/dev/ttyNOSUCH');
    expect(code).toBe(1);
    expect(out).toContain('/dev/ttyNOSUCH: cannot be looked at. There is no device /dev/ttyNOSUCH');
  });

  it('finds a reader by listening to a real broker', async () => {
    const url = `mqtt://127.0.0.1:${broker.port}`;
    await simulate('zebra/iot-connector', `${url}/rfid/dock-1`, '--tag', epcOf(1), '--rate', '20');
    const { code, out } = detect('--mqtt', url, '--topic', 'rfid/#', '--seconds', '3', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      topics: [{ topic: 'rfid/dock-1', understood: [{ profile: 'zebra/iot-connector', bad: 0 }] }],
    });
    expect(detect('--mqtt', url, '--topic', 'nobody/#', '--seconds', '0.3').code).toBe(1);
  }, 60_000);

  it("finds a reader at the gateway's own broker, which wants a second attempt in an older version", async () => {
    const own = await startBroker({ host: '127.0.0.1', port: 0 });
    try {
      const url = `mqtt://127.0.0.1:${own.port}`;
      await simulate('zebra/iot-connector', `${url}/rfid/dock-1`, '--tag', epcOf(1), '--rate', '20');
      const detecting = background(scratch.path, ['reader', 'detect', '--mqtt', url, '--seconds', '3']);
      expect([await detecting.ended(), detecting.output()]).toEqual([0, expect.stringContaining('rfid/dock-1: ')]);
      expect(detecting.output()).toContain('profile: zebra/iot-connector');
    } finally {
      await own.close();
    }
  }, 60_000);

  it('finds an LLRP reader in a subnet and leaves it free', async () => {
    await simulate('impinj/llrp', 'tcp:127.0.77.3:5084');
    for (let turn = 0; turn < 2; turn++) {
      const { code, out } = detect('--scan', '127.0.77.0/29', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        llrp: [{ host: '127.0.77.3', port: 5084, profile: 'impinj/llrp', isTaken: false }],
      });
    }
  }, 60_000);

  it('refuses to scan more than somebody can have meant', () => {
    const wide = detect('--scan', '10.0.0.0/20');
    expect(wide.code).toBe(1);
    expect(wide.err).toContain('add --yes');
    expect(detect('--scan', '10.0.0.0/8', '--yes').err).toContain('too large');
    expect(detect('--mqtt', 'http://broker').err).toContain('mqtt://HOST:1883');
  });
});
