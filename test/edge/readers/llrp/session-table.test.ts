import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { said } from '../../../../src/kit/index.ts';
import type { ParameterName } from '../../../../src/protocols/llrp/layouts.ts';
import type { MessageName } from '../../../../src/protocols/llrp/message.ts';
import type { MessageTree, Parameter } from '../../../../src/protocols/llrp/tree.ts';
import { OUR_ROSPEC } from '../../../../src/readers/llrp/requests.ts';
import { firstState, type Move, nextMove, type SessionInput } from '../../../../src/readers/llrp/session-table.ts';
import { setUpSteps } from '../../../../src/readers/llrp/set-up.ts';
import type { Wanted } from '../../../../src/readers/llrp/wanted.ts';
import { llrpProfile } from './scene.ts';

const wanted: Wanted = {
  reading: true,
  antennas: [1],
  power: null,
  antennaPower: {},
  region: null,
  session: null,
  q: null,
  filter: null,
  takeOver: false,
};
const plan = { profile: llrpProfile('generic/llrp'), wanted };

const parameter = (name: ParameterName, values: Parameter['values'], inside: Parameter[] = []): Parameter => ({
  name,
  values,
  inside,
});
const told = (name: MessageName, id: number, inside: Parameter[] = []): SessionInput => ({
  kind: 'told',
  told: { name, id, values: {}, inside } satisfies MessageTree,
});
const event = (inside: Parameter) =>
  told('READER_EVENT_NOTIFICATION', 0, [parameter('ReaderEventNotificationData', {}, [inside])]);
const greeting = (status: number) => event(parameter('ConnectionAttemptEvent', { status }));
const status = (code: number) => parameter('LLRPStatus', { code, text: '' });

/** The moves for these inputs, one after the other. */
function play(...inputs: SessionInput[]): Move[] {
  let state = firstState;
  return inputs.map((input) => {
    const move = nextMove(plan, state, input);
    ({ state } = move);
    return move;
  });
}

const sentBy = ({ effects }: Move) =>
  effects.flatMap((effect) => (effect.kind === 'send' ? [effect.request.name] : []));

describe('the session table', () => {
  test('is silent until the reader has greeted', () => {
    const [opened, other, greeted] = play({ kind: 'opened' }, told('GET_ROSPECS_RESPONSE', 1), greeting(0));
    expect(opened && sentBy(opened)).toEqual([]);
    expect(other).toMatchObject({ state: { phase: 'greeting' }, effects: [] });
    expect(greeted && sentBy(greeted)).toEqual(['GET_SUPPORTED_VERSION']);
  });

  test('does not ask for the newer version again on a reader that hung up when asked', () => {
    const moves = play({ kind: 'opened' }, greeting(0), { kind: 'lost' }, { kind: 'opened' }, greeting(0));
    expect(moves.flatMap(sentBy)).toEqual(['GET_SUPPORTED_VERSION', 'GET_READER_CAPABILITIES']);
  });

  test('passes over the newer version when the reader refuses it or says nothing', () => {
    const refused = play({ kind: 'opened' }, greeting(0), told('ERROR_MESSAGE', 1, [status(110)]));
    const unheard = play({ kind: 'opened' }, greeting(0), { kind: 'timeout' });
    for (const moves of [refused, unheard]) {
      expect(moves.at(-1)).toMatchObject({ state: { learned: { version: 1 } } });
      expect(sentBy(moves.at(-1) as Move)).toEqual(['GET_READER_CAPABILITIES']);
    }
  });

  test('takes only the answer with the id that it asked with', () => {
    const [, , wrong, right] = play(
      { kind: 'opened' },
      greeting(0),
      told('GET_SUPPORTED_VERSION_RESPONSE', 7, [status(0)]),
      told('GET_SUPPORTED_VERSION_RESPONSE', 1, [status(0)]),
    );
    expect(wrong?.effects).toEqual([]);
    expect(right && sentBy(right)).toEqual(['GET_READER_CAPABILITIES']);
  });

  test.each([1, 2, 3, 5, 99])('waits and connects anew when the greeting has status %i', (code) => {
    const [, failed, waited] = play({ kind: 'opened' }, greeting(code), { kind: 'timeout' });
    expect(failed?.effects).toMatchObject([{ kind: 'failed', code: 'READER_REFUSED' }, { kind: 'wait' }]);
    expect(waited?.effects).toEqual([{ kind: 'rest' }, { kind: 'reopen' }]);
  });

  test('goes on waiting when the first word is about somebody else', () => {
    const [, other, own] = play({ kind: 'opened' }, greeting(4), greeting(0));
    expect(other).toMatchObject({ state: { phase: 'greeting' }, effects: [] });
    expect(own && sentBy(own)).toEqual(['GET_SUPPORTED_VERSION']);
  });

  test('ignores that somebody else tried to connect', () => {
    const moves = play({ kind: 'opened' }, greeting(0), greeting(4));
    expect(moves.at(-1)).toMatchObject({ state: { phase: 'setUp' }, effects: [] });
  });
});

/** Everything that can come, in and out of turn. */
const anyInput: fc.Arbitrary<SessionInput> = fc.oneof(
  fc.constantFrom<SessionInput>(
    { kind: 'opened' },
    { kind: 'lost' },
    { kind: 'timeout' },
    { kind: 'broken', fault: said('no LLRP') },
    { kind: 'apply' },
  ),
  fc.integer({ min: 0, max: 5 }).map(greeting),
  fc.integer({ min: 0, max: 1 }).map((kind) => event(parameter('ROSpecEvent', { kind, roSpecId: OUR_ROSPEC }))),
  fc.constant(told('KEEPALIVE', 5)),
  fc
    .tuple(
      fc.constantFrom(...setUpSteps.map(({ answer }) => answer), 'ERROR_MESSAGE' as const),
      fc.nat(30),
      fc.constantFrom(0, 0, 0, 101),
    )
    .map(([name, id, code]) => told(name, id, [status(code)])),
);

/** Whether something will happen even if nothing more is heard. */
function waits(before: boolean, { effects }: Move): boolean {
  return effects.reduce((waiting, { kind }) => kind === 'wait' || (kind !== 'rest' && waiting), before);
}

/** Plays inputs; a time-out comes only while one is waited for, as the driver has it. */
function playAll(inputs: readonly SessionInput[]) {
  let state = firstState;
  let waiting = false;
  for (const input of inputs) {
    if (input.kind === 'timeout' && !waiting) continue;
    const move = nextMove(plan, state, input);
    if (state.phase === 'closed') expect(sentBy(move)).toEqual([]);
    waiting = waits(input.kind !== 'timeout' && waiting, move);
    ({ state } = move);
    expect(waiting).toBe(state.phase !== 'closed');
  }
  return state;
}

test('whatever comes, a session never waits for ever and never asks without a connection', () => {
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 80 }), (inputs) => {
      const stop = nextMove(plan, playAll(inputs), { kind: 'stop' });
      const end = nextMove(plan, stop.state, { kind: 'timeout' });
      const closes = [...stop.effects, ...end.effects].filter(({ kind }) => kind === 'closed');
      expect(closes).toHaveLength(1);
    }),
    { numRuns: 2_000 },
  );
});
