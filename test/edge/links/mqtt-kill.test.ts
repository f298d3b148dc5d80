import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { startMosquitto } from '../../fakes/mosquitto.ts';
import { bareClient } from './mqtt-help.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const program = fileURLToPath(new URL('./mqtt-kill.child.ts', import.meta.url));

/** A gateway in its own process that writes every message into `file`; `gone` resolves when it has ended. */
function startChild(port: number, file: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(port), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closing.push(() => child.kill('SIGKILL'));
  return { child, ready: once(child.stdout, 'data'), gone: once(child, 'exit') };
}

test('no message is lost when the process is killed again and again while they arrive', async () => {
  const kills = 6;
  const broker = await startMosquitto({ config: 'allow_anonymous true\nmax_queued_messages 0\n' });
  closing.push(() => broker.kill());
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-kill-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'stored');
  const stored = async () => (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

  let current = startChild(broker.port, file);
  await current.ready;
  const publisher = await bareClient(broker.port);
  closing.push(() => publisher.endAsync(true));
  const sender = { sent: 0, on: true };
  const sending = (async () => {
    while (sender.on) {
      await publisher.publishAsync('rfid/dock-1/events', String(sender.sent++), { qos: 1 });
      if (sender.sent % 10 === 0) await wait(2);
    }
  })();
  for (let kill = 0; kill < kills; kill++) {
    await wait(50 + kill * 23);
    const before = (await stored()).length;
    await eventually(async () => (await stored()).length > before);
    current.child.kill('SIGKILL');
    await current.gone;
    current = startChild(broker.port, file);
    await current.ready;
  }
  sender.on = false;
  await sending;
  await eventually(async () => new Set(await stored()).size === sender.sent, 20_000);
  // A message is repeated only where its PUBACK was on the way when the process died: a few windows of 200.
  expect((await stored()).length).toBeLessThanOrEqual(sender.sent + kills * 1000);
}, 120_000);
