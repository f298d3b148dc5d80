import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createForwarder } from '../../../../src/followers/crm/index.ts';
import { silentLog } from '../../../../src/kit/index.ts';
import { type Reply, startCrmReceiver } from '../../../fakes/crm-receiver.ts';
import { manualClock } from '../../../fakes/manual-clock.ts';
import { memoryOutbox } from '../../../fakes/memory-outbox.ts';
import { outboxOnly } from '../../../fakes/memory-store.ts';
import { secret, watched } from './crm-fixture.ts';

const timeoutMs = 119_000;

type Step =
  | { readonly kind: 'commit'; readonly lanes: readonly number[] }
  | { readonly kind: 'answer'; readonly reply: Reply }
  | { readonly kind: 'poison'; readonly every: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'crash' };

const reply = fc.constantFrom<Reply>(
  { status: 200 },
  { status: 204 },
  { status: 500 },
  { status: 503, headers: { 'retry-after': '30' } },
  { status: 429 },
  { status: 401 },
  { status: 302 },
  { reset: 'before' },
  { reset: 'after' },
  { endless: 200 },
  { endless: 500 },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      lanes: fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer' as const), reply }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('poison' as const), every: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(100, 3_000, 60_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
);

it('whatever the receiver does and whenever the gateway dies, each effect happens once and in order per lane', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), fc.integer({ min: 1, max: 7 }), run),
    { numRuns: 60 },
  );
}, 300_000);

async function run(steps: readonly Step[], batch: number): Promise<void> {
  const receiver = await startCrmReceiver(secret);
  const time = manualClock();
  const { clock, idle } = watched(time, timeoutMs);
  const table = memoryOutbox(clock.now);
  let crashes = 0;
  const open = () => {
    const mine = crashes;
    // A process that was killed writes nothing any more, whatever answers are still on their way to it.
    const alive =
      <A extends unknown[], R>(work: (...given: A) => Promise<R>, dead: R) =>
      async (...given: A): Promise<R> =>
        mine === crashes ? work(...given) : dead;
    const nothing = undefined;
    const outbox = {
      ...table,
      delivered: alive(table.delivered, nothing),
      retry: alive(table.retry, nothing),
      bury: alive(table.bury, nothing),
      setState: alive(table.setState, nothing),
      due: alive(table.due, []),
    };
    const destinations = [{ id: 'main', url: receiver.url, secret, batch, timeoutMs }];
    const forwarder = createForwarder({
      destinations,
      store: outboxOnly(outbox),
      site: { id: 's', gln: null },
      clock,
      source: 'urn:silentgate:s',
      log: silentLog,
      random: () => 0.5,
    });
    forwarder.start();
    return forwarder;
  };
  const opened = [open()];
  const lanes = new Map<string, string>();
  const play: { [K in Step['kind']]: (step: Extract<Step, { kind: K }>) => Promise<void> | void } = {
    commit: (of) => {
      for (const lane of of.lanes) {
        const row = table.add({ lane: `lane-${lane}`, eventId: `e${lanes.size + 1}` });
        lanes.set(row.eventId, row.lane);
      }
      opened.at(-1)?.wake();
    },
    poison: (of) =>
      receiver.answer(({ events }) => ({
        status: events.some(({ id }) => Number(id.slice(1)) % of.every === 0) ? 500 : 200,
      })),
    answer: (of) => receiver.answer(() => of.reply),
    wait: (of) => time.advance(of.ms),
    crash: () => {
      crashes += 1;
      opened.push(open());
    },
  };
  for (const one of steps) {
    await (play[one.kind] as (step: Step) => Promise<void> | void)(one);
    if (one.kind !== 'crash') await new Promise((resolve) => setImmediate(resolve));
  }
  receiver.answer(() => ({ status: 200 }));
  for (let minutes = 0; table.rows().length > 0 && minutes < 3_000; minutes++) {
    await idle();
    await time.advance(60_000);
  }
  await idle();
  for (const forwarder of opened) await forwarder.stop();
  await receiver.close();
  expect(table.deadCount('main')).toBe(0);
  expect(
    receiver
      .effects()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...lanes.keys()].sort());
  expect(receiver.changed).toEqual([]);
  expect(receiver.deliveries.every(({ signed }) => signed)).toBe(true);
  for (const lane of new Set(lanes.values())) {
    const got = receiver.effects().filter(({ subject }) => subject === lane);
    const numbers = got.map(({ id }) => Number(id.slice(1)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  }
}
