import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { createBodies } from '../../../src/api/body.ts';
import { GatewayError } from '../../../src/kit/index.ts';

type Outcome = { body: string } | { code: string; message: string };

/** A body on its way, in the hand of the test. */
function sending(bodies: ReturnType<typeof createBodies>, limit: number, announced?: number, from = '') {
  const payload = new PassThrough();
  const refused: number[] = [];
  const headers = { from, ...(announced === undefined ? {} : { 'content-length': String(announced) }) };
  const done = new Promise<Outcome>((resolve) => {
    const receive = bodies(limit, (_request, size) => void refused.push(size));
    receive({ headers } as FastifyRequest, payload, (error, body) => {
      if (error instanceof GatewayError) resolve({ code: error.code, message: error.message });
      else resolve({ body: String(body) });
    });
  });
  return { payload, refused, done };
}

test('a body comes whole, however it was cut', async () => {
  const { payload, done } = sending(createBodies(), 10);
  for (const part of ['ab', 'c', 'defghij']) payload.write(part);
  payload.end();
  expect(await done).toEqual({ body: 'abcdefghij' });
});

test('one that announces too much is refused before a byte of it came, with its size and the limit', async () => {
  const { refused, done } = sending(createBodies(), 10, 11);
  expect(await done).toEqual({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringMatching(/ 11 bytes .* 10 /) });
  expect(refused).toEqual([11]);
});

test('one that announces nothing is refused once it is too large, and the rest of it is let go by', async () => {
  const { payload, refused, done } = sending(createBodies(), 10);
  payload.write('a'.repeat(8));
  payload.write('a'.repeat(8));
  expect(await done).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  payload.end('b'.repeat(100_000));
  await new Promise((resolve) => payload.once('end', resolve));
  expect(refused).toEqual([16]);
});

test('all bodies that are on their way share their room, and give it back', async () => {
  const bodies = createBodies(20);
  const first = sending(bodies, 15);
  const second = sending(bodies, 15);
  first.payload.write('a'.repeat(15));
  second.payload.write('b'.repeat(6));
  expect(await second.done).toMatchObject({ code: 'OVERLOADED' });
  first.payload.end();
  expect(await first.done).toEqual({ body: 'a'.repeat(15) });
  const third = sending(bodies, 15);
  third.payload.end('c'.repeat(15));
  expect(await third.done).toEqual({ body: 'c'.repeat(15) });
});

test('who holds the room with bodies that never end gives way to the others', async () => {
  const bodies = createBodies(20, ({ headers }) => headers.from);
  const stalled = [0, 1].map(() => sending(bodies, 15, undefined, 'greedy'));
  for (const { payload } of stalled) payload.write('a'.repeat(10));
  const honest = sending(bodies, 15, undefined, 'honest');
  honest.payload.end('b'.repeat(6));
  expect(await honest.done).toEqual({ body: 'b'.repeat(6) });
  expect(await stalled[1]?.done).toMatchObject({ code: 'OVERLOADED' });
  stalled[0]?.payload.end('a');
  expect(await stalled[0]?.done).toEqual({ body: 'a'.repeat(11) });
});

test('nothing of a piece is held but its bytes: small views do not keep their large blocks alive', async () => {
  const { payload, done } = sending(createBodies(), 10_000);
  for (let at = 0; at < 5_000; at++) {
    const block = Buffer.alloc(64, 'a');
    payload.emit('data', block.subarray(0, 1));
    block.fill('!');
  }
  payload.end();
  expect(await done).toEqual({ body: 'a'.repeat(5_000) });
});
