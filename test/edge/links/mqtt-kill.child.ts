import { openSync, writeSync } from 'node:fs';
import { connectMqtt } from '../../../src/links/index.ts';
import { eventually } from '../../fakes/eventually.ts';
import { realDeps } from './watch.ts';

const [port, file] = process.argv.slice(2);
const out = openSync(file ?? '', 'a');
const connection = connectMqtt({ url: `mqtt://127.0.0.1:${port}`, clientId: 'killed' }, realDeps);
connection.subscribe('rfid/dock-1/events', async (message) => {
  writeSync(out, `${Buffer.from(message.payload).toString()}\n`);
});
connection.open();
await eventually(() => connection.state().state === 'open');
process.stdout.write('ready\n');
