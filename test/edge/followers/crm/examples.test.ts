import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/kit/index.ts';
import { createBench, secret, until } from './crm-fixture.ts';

const bench = createBench();
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(command: string, file: string, secretText: string): Promise<{ url: string; lines(): string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'silentgate-example-'));
  folders.push(folder);
  const env = { ...process.env, CRM_SECRET: secretText, PORT: '0', DATABASE: join(folder, 'received.db') };
  const child = spawn(command, [join('docs/examples', file)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await until(() => text.includes('listening on '));
  return {
    url: /http:\S+/.exec(text)?.[0] ?? '',
    lines: () => text.split('\n').filter((line) => line.startsWith('item.')),
  };
}

describe.each([
  ['node', 'crm-receiver.mjs'],
  ['python3', 'crm_receiver.py'],
])('the receiver example for %s', (command, file) => {
  it('takes each event once', async () => {
    const { url, lines } = await start(command, file, secret);
    const { outbox, add } = bench.outbox('sqlite', systemClock.now);
    add(1, 3);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url, secret }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.waiting === 0 && lines().length === 3);
    expect(forwarder.status()[0]).toMatchObject({ state: 'ok', delivered: 3, dead: 0 });
    const again = bench.outbox('memory', systemClock.now);
    again.add(1, 4);
    const second = bench.forwarder(again.outbox, systemClock, [{ url, secret }]);
    second.start();
    await until(() => second.status()[0]?.waiting === 0 && lines().length === 4);
    expect(second.status()[0]).toMatchObject({ delivered: 4 });
  });

  it('refuses a wrong signature, and the gateway says so', async () => {
    const { url, lines } = await start(command, file, `whsec_${'b3RoZXIu'.repeat(4)}`);
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url }]);
    forwarder.start();
    await until(() => forwarder.status()[0]?.state === 'paused');
    expect(forwarder.status()[0]?.lastError).toContain('compare the secrets');
    expect(lines()).toEqual([]);
  });
});

it('the guide shows the examples as they are', () => {
  const guide = readFileSync('docs/crm.md', 'utf8');
  for (const file of ['crm-receiver.mjs', 'crm_receiver.py']) {
    expect(guide).toContain(readFileSync(join('docs/examples', file), 'utf8').trim());
  }
});
