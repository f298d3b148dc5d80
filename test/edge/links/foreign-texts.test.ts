import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { connect } from 'mqtt';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../../src/kit/index.ts';
import { mqttSilence, serialErrno } from '../../../src/links/foreign-texts.ts';
import { listen } from '../../fakes/listen.ts';
import { openPtyPair } from '../../fakes/pty.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function opening(path: string): Promise<Error> {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error !== null) return resolve(error);
      closing.push(() => new Promise<void>((done) => port.close(() => done())));
      reject(new Error('it opened'));
    });
  });
}

describe('what serialport says of a port that it cannot open', () => {
  it('is known where there is none, and where it is no serial port', async () => {
    expect(serialErrno(await opening('/dev/no-such-tty'))).toBe('ENOENT');
    expect(serialErrno(await opening('/dev/null'))).toBe('ENOTTY');
  });

  it('is known where another program holds it', async () => {
    const line = await openPtyPair();
    closing.push(() => line.close());
    await opening(line.a).catch(() => undefined);
    expect(serialErrno(await opening(line.a))).toBe('EBUSY');
  });

  it('is known where the user may not open it', async () => {
    const line = await openPtyPair();
    closing.push(() => line.close());
    const ask = `const { SerialPort } = await import('serialport');
      const port = new SerialPort({ path: ${JSON.stringify(line.a)}, baudRate: 9600, autoOpen: false });
      process.chdir('/');
      if (process.getuid() === 0) process.setuid(65534);
      else (await import('node:fs')).chmodSync(${JSON.stringify(line.a)}, 0);
      port.open((error) => process.stdout.write(error?.message ?? 'it opened'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', ask], { encoding: 'utf8' });
    expect(stdout).not.toBe('it opened');
    expect(serialErrno(new Error(stdout))).toBe('EACCES');
  });

  it('is no code of ours where the words are new', () => {
    expect(serialErrno(new Error('the moon is in the way'))).toBe('');
  });
});

describe('what the MQTT library says of a broker that falls silent', () => {
  /** What a client says that is answered with these bytes, and then with nothing. */
  async function saidAfter(answer: readonly number[]): Promise<string> {
    const server = createServer((socket) => {
      closing.push(() => socket.destroy());
      socket.on('error', () => undefined);
      socket.once('data', () => void socket.write(Uint8Array.from(answer)));
    });
    const port = await listen(server);
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const options = { port, host: '127.0.0.1', connectTimeout: 200, keepalive: 1, reconnectPeriod: 0 } as const;
    const client = connect(options);
    closing.push(() => client.end(true));
    return new Promise((resolve) => client.once('error', (error) => resolve(messageOf(error))));
  }

  it('is known where it never answers, and where it stops to', async () => {
    expect(mqttSilence(await saidAfter([]))).toBe('connack');
    expect(mqttSilence(await saidAfter([0x20, 2, 0, 0]))).toBe('keepalive');
    expect(mqttSilence('toString')).toBeNull();
  });
});
