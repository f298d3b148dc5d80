import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { scopes } from '../../../src/api/index.ts';
import { program } from '../../../src/cli/program.ts';
import { createWorlds, type World } from '../api/api-fixture.ts';

const world = createWorlds();
const folder = mkdtempSync(join(tmpdir(), 'silentgate-reader-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const epc = '3034257BF7194E4000001A85';

type Outcome = { code: number; out: string; err: string };

/** Runs the command line in this process, where the API listens. */
async function reader(w: World, ...args: string[]): Promise<Outcome> {
  vi.stubEnv('SILENTGATE_KEY', await w.key(...scopes));
  vi.stubEnv('TAG_PASSWORD', '12345678');
  const said = { out: '', err: '' };
  const hear = (key: 'out' | 'err') => (text: unknown) => {
    said[key] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear('err')),
  ];
  process.exitCode = 0;
  try {
    await program(['node', 'silentgate', 'reader', ...args, '--url', w.url]);
    return { code: Number(process.exitCode), ...said };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

test('a tag is named by tag URI or TID, passwords come from the environment or a file, and the API hears it all', async () => {
  const w = await world();
  const file = join(folder, 'kill-password');
  writeFileSync(file, '0BADCAFE\n');
  const runs = [
    ['read', 'desk-1', '--tid', 'E2801160200012345678ABCD', '--bank', 'user', '--words', '2', '--antenna', '1'],
    ['write', 'desk-1', 'CAFEBABE', '--epc', 'urn:epc:tag:sgtin-96:1.0614141.812345.6789', '--word', '3'],
    [
      'write-epc',
      'desk-1',
      'urn:epc:tag:sgtin-96:1.0614141.812345.6790',
      '--epc',
      epc,
      '--password',
      'env:TAG_PASSWORD',
    ],
    ['set-passwords', 'desk-1', '--epc', epc, '--access', 'env:TAG_PASSWORD', '--kill', `file:${file}`],
    ['lock', 'desk-1', 'epc=lock', 'user=permanentLock', '--epc', epc, '--password', 'env:TAG_PASSWORD', '--yes'],
    ['kill', 'desk-1', '--epc', epc, '--kill-password', `file:${file}`, '--yes'],
    ['configure', 'desk-1', '--power', '20.5', '--antennas', '1,2', '--q', '5', '--filter', 'epc:32:30'],
    ['identify', 'desk-1'],
  ];
  for (const args of runs) expect([args, await reader(w, ...args)]).toMatchObject([args, { code: 0, err: '' }]);
  expect(w.commands).toEqual([
    { command: 'readMemory', tag: { tid: 'E2801160200012345678ABCD' }, antenna: 1, bank: 'user', word: 0, words: 2 },
    { command: 'writeMemory', tag: { epc: '3034257BF7194E4000001A85' }, bank: 'user', word: 3, data: 'CAFEBABE' },
    { command: 'writeEpc', tag: { epc }, password: '12345678', epc: '3034257BF7194E4000001A86' },
    { command: 'setPasswords', tag: { epc }, access: '12345678', kill: '0BADCAFE' },
    { command: 'lock', tag: { epc }, password: '12345678', lock: { epc: 'lock', user: 'permanentLock' } },
    { command: 'kill', tag: { epc }, killPassword: '0BADCAFE' },
    {
      command: 'configure',
      settings: { power: 20.5, antennas: [1, 2], q: 5, filter: { bank: 'epc', bit: 32, mask: '30' } },
    },
    { command: 'identify' },
  ]);
});

test.each([
  [['kill', 'desk-1', '--epc', epc, '--kill-password', '0BADCAFE'], 'Add --yes'],
  [['lock', 'desk-1', 'epc=permanentLock', '--epc', epc], 'Add --yes'],
  [['read', 'desk-1'], '--epc or --tid'],
  [['read', 'desk-1', '--epc', epc, '--tid', 'E280'], '--epc or --tid'],
  [['read', 'desk-1', '--epc', 'nonsense'], 'nonsense is no EPC'],
  [['read', 'desk-1', '--epc', epc, '--password', 'env:NOT_THERE_AT_ALL'], 'There is no env:NOT_THERE_AT_ALL'],
  [['lock', 'desk-1', 'attic=lock', '--epc', epc], '/lock/attic'],
  [['identify', 'none'], 'No reader none is configured.'],
])('%j is refused in one plain line, and no reader hears of it', async (args, said) => {
  const w = await world();
  const { code, out, err } = await reader(w, ...args);
  expect([code, out, err]).toEqual([1, '', expect.stringContaining(said)]);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(w.commands).toEqual([]);
});

test('what is not done ends with exit code 1 and says why and how far it came', async () => {
  const w = await world({
    readers: {
      list: () => [],
      get: () => null,
      push: () => null,
      command: async (reader, { command }) => ({
        command,
        reader,
        outcome: 'unsure',
        error: 'verify',
        message: 'What was read back is not what was asked for.',
        steps: [
          { step: 'write', ok: true, error: null },
          { step: 'verify', ok: false, error: 'verify' },
        ],
        epc: null,
        tid: null,
        data: 'CAFE0000',
        fields: {},
      }),
    },
  });
  const { code, out } = await reader(w, 'write', 'desk-1', 'CAFEBABE', '--epc', epc);
  expect(code).toBe(1);
  expect(out).toContain('unsure (verify)');
  expect(out).toContain('write → verify (verify)');
  const json = await reader(w, 'write', 'desk-1', 'CAFEBABE', '--epc', epc, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ outcome: 'unsure', data: 'CAFE0000' });
});

test('a gateway that does not answer, or a key that is wrong, is told in one line', async () => {
  const w = await world();
  const wrong = await reader(w, 'list', '--key', 'sg_wrong');
  expect([wrong.code, wrong.err]).toEqual([1, 'Sign in, or send a valid API key.\n']);
  const right = await reader(w, 'list');
  expect(right.out).toContain('desk-1\tmagicrf/m100\topen since');
});

test('what a device says of itself moves no cursor and makes no line of its own', async () => {
  const w = await world();
  const esc = String.fromCharCode(0x1b);
  const error = `no answer${esc}[2J\ndock-9\tforged`;
  w.now.readers = w.now.readers.map((one) => ({
    ...one,
    identity: `M100${esc}]0;title${String.fromCharCode(7)}`,
    link: { ...one.link, error },
  }));
  const { out } = await reader(w, 'list');
  expect(out.split('\n')).toHaveLength(2);
  expect(out).toContain('no answer\\u{1b}[2J\\u{a}dock-9\\u{9}forged');
  expect(out).toContain('M100\\u{1b}]0;title\\u{7}');
});
