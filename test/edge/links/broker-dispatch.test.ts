import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createDispatch } from '../../../src/links/broker-dispatch.ts';
import { createTopicTree } from '../../../src/links/broker-topics.ts';
import { startBroker } from '../../../src/links/index.ts';
import { filterFits, parseFilter } from '../../../src/links/topic-filter.ts';
import { eventually } from '../../fakes/eventually.ts';
import { bareClient } from './mqtt-help.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await turn();
}

describe('messages for those who listen', () => {
  test('begin in their order, and none while as many deliveries are under way as there may be', async () => {
    const dispatch = createDispatch({ deliveries: 6 });
    const held: (() => void)[] = [];
    for (let n = 0; n < 3; n++) dispatch.on('b', (_packet, done) => void held.push(done));
    for (let n = 0; n < 10; n++) dispatch.emit({ topic: 'b' });
    await turns(5);
    expect(held.length).toBe(6);
    held.shift()?.();
    await turns(5);
    expect(held.length).toBe(5 + 3);
  });

  test('that nobody wants do not pile up on the stack behind one that is held', async () => {
    const dispatch = createDispatch({ deliveries: 1 });
    const held: (() => void)[] = [];
    dispatch.on('b', (_packet, done) => void held.push(done));
    dispatch.emit({ topic: 'b' });
    let ended = 0;
    for (let n = 0; n < 50_000; n++) {
      dispatch.emit({ topic: 'c' }, () => {
        ended += 1;
      });
    }
    await turns(2);
    expect([held.length, ended]).toEqual([1, 0]);
    held[0]?.();
    await eventually(() => ended === 50_000);
  });

  test('are refused once the broker is closed', () => {
    const dispatch = createDispatch({ deliveries: 1 });
    dispatch.close(() => undefined);
    let refusal: Error | undefined;
    dispatch.emit({ topic: 'b' }, (error) => {
      refusal = error;
    });
    expect(refusal?.message).toBe('the broker is closed');
  });
});

test('the tree of filters finds for a topic what comparing each filter finds', () => {
  const level = fc.constantFrom('a', 'b', '', '$x', '+');
  const filter = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
    .filter((text) => text !== '');
  const topic = fc.array(fc.constantFrom('a', 'b', '', '$x'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(filter, { maxLength: 8 }), topic, (filters, levels) => {
      const tree = createTopicTree<string, null>();
      for (const each of filters) tree.add(each, each, null);
      const text = levels.join('/');
      const wanted = filters.filter((each) => filterFits(parseFilter(each) ?? [], text));
      expect(new Set(tree.match(text).map(({ filter: found }) => found))).toEqual(new Set(wanted));
      for (const each of filters) tree.remove(each, each);
      expect(tree.match(text)).toEqual([]);
    }),
  );
});

test('a burst for some listeners, and behind it thousands of messages that nobody wants, leave the broker alive', async () => {
  const broker = await startBroker({ host: '127.0.0.1', port: 0 });
  closing.push(() => broker.close());
  const heard = { count: 0 };
  for (let n = 0; n < 5; n++) {
    const listener = await bareClient(broker.port, { clientId: `l${n}` });
    closing.push(() => listener.endAsync(true));
    listener.on('message', () => {
      heard.count += 1;
    });
    await listener.subscribeAsync('b');
  }
  const sender = await bareClient(broker.port, { clientId: 'sender' });
  closing.push(() => sender.endAsync(true));
  const publish = (topic: string) => Buffer.from([0x30, 3, 0, 1, topic.charCodeAt(0)]);
  const burst = Buffer.concat([
    ...Array.from({ length: 200 }, () => publish('b')),
    ...Array.from({ length: 12_000 }, () => publish('c')),
  ]);
  for (let n = 0; n < 5; n++) sender.stream.write(burst);
  await eventually(() => heard.count === 5 * 5 * 200);
});
