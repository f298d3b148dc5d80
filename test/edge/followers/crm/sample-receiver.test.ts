import { afterEach, describe, expect, it } from 'vitest';
import { type SampleReceiver, startSampleReceiver } from '../../../../src/demo/receiver.ts';
import { systemClock } from '../../../../src/kit/index.ts';
import { createBench, secret, until } from './crm-fixture.ts';

const bench = createBench();
const open: SampleReceiver[] = [];

afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

async function start(text = secret): Promise<SampleReceiver> {
  const receiver = await startSampleReceiver({ host: '127.0.0.1', port: 0, secret: text, clock: systemClock });
  open.push(receiver);
  return receiver;
}

describe('the sample CRM', () => {
  it('takes signed events, each once, and keeps the newest 200', async () => {
    const receiver = await start();
    const first = bench.outbox('sqlite', systemClock.now);
    for (let lane = 0; lane < 250; lane++) first.add(lane);
    const forwarder = bench.forwarder(first.outbox, systemClock, [{ url: receiver.url, inFlight: 1 }]);
    forwarder.start();
    await until(() => receiver.received().total === 250);
    expect(receiver.received()).toMatchObject({ duplicates: 0, badSignatures: 0 });
    expect(receiver.received().events).toHaveLength(200);
    expect(receiver.received().events[0]).toMatchObject({ id: 'e250', type: 'item.moved' });
    const again = bench.outbox('memory', systemClock.now);
    again.add(1, 5);
    const repeat = bench.forwarder(again.outbox, systemClock, [{ url: receiver.url }]);
    repeat.start();
    await until(() => receiver.received().duplicates === 5);
    expect(receiver.received().total).toBe(250);
  });

  it('refuses and counts a bad signature', async () => {
    const receiver = await start(`whsec_${'b3RoZXIu'.repeat(4)}`);
    const { outbox, add } = bench.outbox('memory', systemClock.now);
    add(1);
    const forwarder = bench.forwarder(outbox, systemClock, [{ url: receiver.url }]);
    forwarder.start();
    await until(() => receiver.received().badSignatures === 1);
    expect(receiver.received()).toMatchObject({ total: 0, duplicates: 0, events: [] });
  });

  it('refuses what is unsigned, old, too large, no batch or no POST', async () => {
    const receiver = await start();
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(receiver.url, { method: 'POST', body, headers }).then(({ status }) => status);
    expect(await post('[]')).toBe(401);
    expect(await post('[]', { 'webhook-id': 'a', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' })).toBe(401);
    expect((await fetch(receiver.url)).status).toBe(405);
    expect((await fetch(new URL('/nowhere', receiver.url))).status).toBe(404);
    expect((await fetch(receiver.pageUrl, { method: 'POST' })).status).toBe(405);
  });

  it('has a page without inline script, and everything that the page names', async () => {
    const receiver = await start();
    const page = await fetch(receiver.pageUrl);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(html).not.toMatch(/<script(?![^>]*src=)|style="|onclick/);
    const linked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(linked.sort()).toEqual(['/receiver.css', '/receiver.js']);
    for (const path of linked) expect((await fetch(new URL(path, receiver.pageUrl))).status).toBe(200);
    const received = await fetch(new URL('/received', receiver.pageUrl));
    expect(await received.json()).toEqual({ total: 0, duplicates: 0, badSignatures: 0, events: [] });
  });

  it('says when its port is taken', async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(startSampleReceiver({ host: '127.0.0.1', port, secret, clock: systemClock })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    });
  });
});
