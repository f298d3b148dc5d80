import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createForwarder } from '../../../../src/followers/index.ts';
import { openStore, type Store } from '../../../../src/journal/index.ts';
import { silentLog, systemClock } from '../../../../src/kit/index.ts';
import { startCrmReceiver } from '../../../fakes/crm-receiver.ts';
import { createKilled } from '../../../fakes/killed.ts';
import { batch, customerEvent, event, gtin, item } from '../../journal/store-values.ts';

/* Run by Vitest this file is the test; run by itself, with a folder, it is the process that commits, delivers, and is killed. */

const secret = 'whsec_c2lsZW50Z2F0ZS10ZXN0LXNlY3JldC0wMDAx';
const site = { id: 'taipei-xinyi' };
const [, file = '', folder = '', url = '', wish = ''] = process.argv;
if (file === import.meta.filename) await deliver();
else await test();

/** Five facts of five subjects, numbered on, and the product gets another name with each commit. */
async function commit(store: Store): Promise<void> {
  const n = store.lastSeq();
  const events = [1, 2, 3, 4].map((m) => event(`e${n + m}`, item(m), { type: 'item.moved' }));
  await store.putProducts([{ gtin, sku: `TEE-${n}`, name: `上衣 ${n}` }]);
  await store.append(batch({ events, customerEvents: [customerEvent(`e${n + 5}`, 'crm-7')] }));
}

async function deliver(): Promise<void> {
  const store = openStore({ folder, site, now: Date.now }, 'gateway');
  const forwarder = createForwarder({
    ...{ store, clock: systemClock, log: silentLog, random: Math.random, source: 'urn:silentgate:taipei-xinyi' },
    site: { ...site, gln: null },
    destinations: [{ id: 'main', url, secret, batch: 20 }],
  });
  forwarder.start();
  while (wish === 'commit') {
    await commit(store);
    forwarder.wake();
    process.stdout.write(`${store.lastSeq()}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (forwarder.status().some(({ waiting }) => waiting > 0)) await new Promise((resolve) => setTimeout(resolve, 5));
  await forwarder.stop();
  await store.close();
}

async function test(): Promise<void> {
  const { afterEach, expect, it } = await import('vitest');
  const path = mkdtempSync(join(tmpdir(), 'silentgate-kills-'));
  const processes = createKilled();
  afterEach(() => {
    processes.end();
    rmSync(path, { recursive: true, force: true });
  });

  it('every event reaches the CRM once, in order and always in the same words, over kills while names change', async () => {
    const receiver = await startCrmReceiver(secret);
    // the third try of each is taken: many are on their way when the process dies
    let posts = 0;
    receiver.answer(() => (posts++ % 3 === 2 ? { status: 204 } : { reset: posts % 2 === 0 ? 'before' : 'after' }));
    const made: number[] = [];
    for (let kill = 1; kill <= 6; kill++) {
      await processes.killAt(import.meta.filename, [path, receiver.url, 'commit'], kill * 400);
      const store = openStore({ folder: path, site, now: Date.now }, 'tool');
      made.push(store.outbox.waiting('main').count);
      const behind = store.lastSeq() - (store.cursors.get('crm:main') ?? 0);
      expect(behind + receiver.effects().length + (made.at(-1) ?? 0)).toBeGreaterThanOrEqual(store.lastSeq());
      await store.close();
    }
    // texts were on disk and not yet taken when the process was killed
    expect(Math.max(...made)).toBeGreaterThan(0);
    receiver.answer(() => ({ status: 204 }));
    expect(await processes.runToEnd(import.meta.filename, [path, receiver.url, 'catch up'])).toBe(0);
    const store = openStore({ folder: path, site, now: Date.now }, 'tool');
    const ids = receiver.effects().map(({ id }) => Number(id.slice(1)));
    expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: store.lastSeq() }, (_, n) => n + 1));
    await store.close();
    for (const subject of new Set(receiver.effects().map((effect) => effect.subject))) {
      const own = receiver.effects().filter((effect) => effect.subject === subject);
      const numbers = own.map(({ id }) => Number(id.slice(1)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    expect(receiver.changed).toEqual([]);
    const again = receiver.deliveries.flatMap(({ events }) => events).length - receiver.effects().length;
    expect(again).toBeGreaterThan(0);
    await receiver.close();
  }, 240_000);
}
