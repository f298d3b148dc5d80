import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../../fakes/eventually.ts';
import { startMosquitto } from '../../fakes/mosquitto.ts';
import { gateway, publishAs } from './mqtt-help.ts';

test('a topic that is added while the connection is open is asked for at once, and one that is ended no longer comes', async () => {
  const broker = await startMosquitto({});
  const { port } = broker;
  const made = gateway(port, ['rfid/a']);
  await eventually(() => made.connection.state().state === 'open');
  await wait(100);
  const later: string[] = [];
  const end = made.connection.subscribe(
    'rfid/b',
    async ({ payload }) => void later.push(Buffer.from(payload).toString()),
  );
  const other = made.connection.subscribe('rfid/b', async () => undefined);
  await wait(100);
  await publishAs(port, ['-t', 'rfid/b', '-m', '1', '-q', '1']);
  await eventually(() => later.length === 1);
  // Another handler still wants the topic.
  end();
  await publishAs(port, ['-t', 'rfid/b', '-m', '2', '-q', '1']);
  await eventually(() => made.connection.counts().messages === 2);
  other();
  await wait(100);
  for (const topic of ['rfid/b', 'rfid/a']) await publishAs(port, ['-t', topic, '-m', '3', '-q', '1']);
  await eventually(() => made.seen.length === 1);
  expect([later, made.connection.counts()]).toMatchObject([['1'], { messages: 3, unrouted: 0 }]);
  await made.connection.close();
  await broker.kill();
});
