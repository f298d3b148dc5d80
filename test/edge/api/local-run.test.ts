import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceRun, fingerprintOf, type LocalRun } from '../../../src/api/index.ts';
import { silentLog } from '../../../src/kit/index.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const pem = (name: string) => join(import.meta.dirname, `${name}-cert.pem`);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'silentgate-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const told = () => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as LocalRun;
const deps = { clock: manualClock(), log: silentLog };
const named = { url: 'https://127.0.0.1:8443', key: 'k' };

describe('run.json', () => {
  it('names process, address and key, for its user only, also where a file of everybody’s was left', () => {
    writeFileSync(join(folder, 'run.json'), '{}', { mode: 0o644 });
    announceRun(folder, {}, named, deps);
    expect(told()).toEqual({ pid: process.pid, ...named, certificate: null });
    expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['run.json']);
  });

  it('follows a certificate that was renewed, and is gone when the gateway goes', () => {
    const cert = join(folder, 'cert.pem');
    copyFileSync(pem('expired'), cert);
    const announced = announceRun(folder, { tls: { cert, key: 'unread' } }, named, deps);
    expect(told().certificate).toBe(fingerprintOf(readFileSync(pem('expired'))));
    copyFileSync(pem('localhost'), cert);
    announced.renew({ cert });
    expect(told().certificate).toBe(fingerprintOf(readFileSync(pem('localhost'))));
    expect(told()).toMatchObject(named);
    announced.remove();
    expect(readdirSync(folder)).toEqual(['cert.pem']);
  });

  it('follows a certificate that lies in another file from now on', () => {
    const cert = join(folder, 'cert.pem');
    copyFileSync(pem('expired'), cert);
    const announced = announceRun(folder, { tls: { cert, key: 'unread' } }, named, deps);
    rmSync(cert);
    announced.renew({ cert: pem('localhost') });
    expect(told().certificate).toBe(fingerprintOf(readFileSync(pem('localhost'))));
  });

  it('is tried again, and ends nothing, while its place cannot be written', async () => {
    const clock = manualClock();
    const announced = announceRun(folder, { tls: { cert: pem('expired'), key: 'unread' } }, named, { ...deps, clock });
    rmSync(join(folder, 'run.json'));
    mkdirSync(join(folder, 'run.json', 'in the way'), { recursive: true });
    announced.renew({ cert: pem('localhost') });
    await clock.advance(6_000);
    rmSync(join(folder, 'run.json'), { recursive: true });
    await clock.advance(6_000);
    expect(told().certificate).toBe(fingerprintOf(readFileSync(pem('localhost'))));
    announced.remove();
    await clock.advance(60_000);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['0.0.0.0', 'https://192.168.7.7:8443', 'https://127.0.0.1:8443'],
    ['::', 'https://192.168.7.7:8443', 'https://[::1]:8443'],
    ['192.168.7.7', 'https://192.168.7.7:8443', 'https://192.168.7.7:8443'],
  ])('of a gateway on %s leads to an address that stays while the network changes', (host, url, local) => {
    announceRun(folder, { host }, { url, key: 'k' }, deps);
    expect(told().url).toBe(local);
  });
});

it('the fingerprint of a certificate is 64 hex digits, as openssl prints them without colons', () => {
  const text = readFileSync(pem('localhost'));
  const der = Buffer.from(text.toString().replace(/-----[^-]+-----|\s/g, ''), 'base64');
  expect(fingerprintOf(text)).toBe(createHash('sha256').update(der).digest('hex'));
});
