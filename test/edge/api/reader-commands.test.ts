import { expect, test } from 'vitest';
import { grants } from '../../../src/api/access/scopes.ts';
import { scopes } from '../../../src/api/index.ts';
import { type ReaderCommand, readerCommands } from '../../../src/readers/index.ts';
import { createWorlds } from './api-fixture.ts';

const world = createWorlds();
const url = '/api/v1/readers/desk-1/commands';
const tag = { epc: '3034257BF7194E4000001A85' };

const examples: { readonly [Name in ReaderCommand['command']]: Extract<ReaderCommand, { command: Name }> } = {
  identify: { command: 'identify' },
  start: { command: 'start' },
  stop: { command: 'stop' },
  configure: { command: 'configure', settings: { power: 20, q: 4, filter: { bank: 'epc', bit: 32, mask: '30' } } },
  readMemory: { command: 'readMemory', tag: { tid: 'E2801160200012345678ABCD' }, bank: 'user', word: 0, words: 2 },
  readSensor: {
    command: 'readSensor',
    tag,
    samples: 3,
    humidity: [
      { code: 5, percent: 90 },
      { code: 20, percent: 30 },
    ],
  },
  writeEpc: { command: 'writeEpc', tag, epc: '3034257BF7194E4000001A86', password: '00000000' },
  writeMemory: { command: 'writeMemory', tag, antenna: 2, bank: 'user', word: 0, data: 'CAFEBABE' },
  setPasswords: { command: 'setPasswords', tag, access: '12345678' },
  lock: { command: 'lock', tag, password: '12345678', lock: { epc: 'lock' } },
  kill: { command: 'kill', tag, killPassword: '0BADCAFE' },
};
const list = Object.values(examples);

test('each command reaches its reader as it was sent, and its result comes back whole', async () => {
  const w = await world();
  for (const command of list) {
    const { status, json } = await w.call('POST', url, await w.key(readerCommands[command.command].scope), command);
    expect([status, json['command'], json['outcome'], json['error']]).toEqual([200, command.command, 'done', null]);
    expect(Object.keys(json)).toEqual([
      'command',
      'reader',
      'outcome',
      'error',
      'message',
      'steps',
      'epc',
      'tid',
      'data',
      'fields',
    ]);
  }
  expect(w.commands).toEqual(list);
});

test('each command is refused to a key that has every scope but those that cover it, and then no reader hears of it', async () => {
  const w = await world();
  for (const command of list) {
    const { scope } = readerCommands[command.command];
    const key = await w.key(...scopes.filter((name) => !grants(name, scope)));
    const { status, json } = await w.call('POST', url, key, command);
    expect([command.command, status, json['code']]).toEqual([command.command, 403, 'FORBIDDEN']);
  }
  expect(w.commands).toEqual([]);
});

test('locking and killing need scopes of their own: no other scope gives them, and they give nothing else', () => {
  for (const own of ['tags:lock', 'tags:kill'] as const) {
    expect(scopes.filter((scope) => grants(scope, own))).toEqual([own]);
    expect(scopes.filter((scope) => grants(own, scope))).toEqual([own]);
  }
  expect(scopes.filter((scope) => grants('tags:write', scope))).toEqual(['tags:read', 'tags:write']);
});

test('a command that is none, lacks a member, or has one too many is a 400 that names the place, and no reader hears of it', async () => {
  const w = await world();
  const key = await w.key(...scopes);
  const wrong: [unknown, RegExp][] = [
    [{ command: 'explode' }, /identify/],
    [{ ...examples.kill, killPassword: '123' }, /killPassword/],
    [{ ...examples.readMemory, words: 0 }, /words/],
    [{ ...examples.readMemory, bank: 'attic' }, /reserved/],
    [{ ...examples.writeEpc, epc: '303' }, /epc/],
    [{ ...examples.writeEpc, tag: { epc: tag.epc, tid: 'E280' } }, /tag/],
    [{ ...examples.writeEpc, tag: {} }, /tag/],
    [{ ...examples.lock, lock: {} }, /lock/],
    [{ ...examples.configure, settings: { power: 20, speed: 9 } }, /speed/],
    [[examples.kill], /command/],
    [null, /command/],
  ];
  for (const [body, named] of wrong) {
    const { status, json, text } = await w.call('POST', url, key, body);
    expect([status, json['code']]).toEqual([400, 'REQUEST_INVALID']);
    expect(text).toMatch(named);
  }
  expect(w.commands).toEqual([]);
});

test('a reader that is not there is a 404', async () => {
  const w = await world();
  const { status } = await w.call('POST', '/api/v1/readers/none/commands', await w.key(...scopes), examples.identify);
  expect(status).toBe(404);
});

test('a fault is told by the command that the request names, however little of it is right', async () => {
  const w = await world();
  const errors = async (body: object) =>
    (await w.call('POST', url, await w.key('tags:write', 'readers:admin'), body)).json['errors'] as {
      pointer: string;
      allowed: string;
    }[];
  const places = async (body: object) => (await errors(body)).map(({ pointer }) => pointer).sort();
  expect(await places({ command: 'writeEpc' })).toEqual(['/epc', '/tag']);
  expect(await places({ command: 'writeEpc', epc: 'ZZ', newEpc: '12' })).toEqual(['/epc', '/newEpc', '/tag']);
  expect(await places({ command: 'configure', power: 20 })).toEqual(['/power', '/settings']);
  for (const command of [undefined, 'explode', 'constructor', 7]) {
    const [error, ...others] = await errors({ command });
    expect([error?.pointer, others]).toEqual(['/command', []]);
    for (const name of Object.keys(readerCommands)) expect(error?.allowed).toContain(`"${name}"`);
  }
});
