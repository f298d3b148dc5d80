import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, type Daemon, startDaemon, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
let daemon: Daemon;
let key = '';

beforeAll(async () => {
  daemon = await startDaemon(
    folder.path,
    `site: { id: field-tags }
http: { port: 0 }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [{ id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 } }]
`,
  );
  const made = command(folder.path, ['key', 'create', '--name', 'app', '--scope', 'reads:write']);
  key = /sg_\S+/.exec(made.out)?.[0] ?? '';
});
afterAll(async () => {
  await daemon?.stop();
  folder.remove();
});

async function push(...epcs: string[]): Promise<void> {
  const at = Date.now() - 1000;
  const reads = [0, 1].flatMap((n) => epcs.map((epc) => ({ epc, antenna: 1, rssi: -50, at: at + n * 100 })));
  const answer = await fetch(`${daemon.url}/api/v1/readers/app-1/reads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reads }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { reads: reads.length }]);
}

type Rows = { readonly rows: readonly { readonly id: string; readonly hex: string }[] };
type Reader = { readonly findings: readonly { readonly code: string; readonly next: string }[] };
const items = async () => (await daemon.get<Rows>('/items')).rows.map(({ id, hex }) => [id, hex]);
const findings = async () => (await daemon.get<Reader>('/readers/app-1')).findings.map(({ code }) => code);

describe('a reader that puts the PC word in front of the EPC', () => {
  it('gives one item for each tag, whether the word is there or not, and a finding', async () => {
    const sgtin = '3074257BF7194E4000001A85';
    const id = 'https://id.gs1.org/01/80614141123458/21/6789';
    await push(sgtin);
    expect(await items()).toEqual([[id, sgtin]]);
    expect(await findings()).not.toContain('READER_PC_WORD');

    await push(`3000${sgtin}`, '3000E2009A9040060AF000000372', '3000E2009A9040060AF000003060');
    const raw = ['E2009A9040060AF000000372', 'E2009A9040060AF000003060'];
    const expected = [[id, sgtin], ...raw.map((hex) => [`urn:epc:raw:96.x${hex}`, hex])];
    expect((await items()).sort()).toEqual(expected);
    expect(await findings()).toContain('READER_PC_WORD');
    for (const hex of [`3000${sgtin}`, sgtin]) expect(await daemon.get(`/items/${hex}`)).toMatchObject({ id });
    expect(await daemon.get(`/items/3000${raw[0]}`)).toMatchObject({ hex: raw[0] });
    expect(command(folder.path, ['doctor']).out).toContain('PC word');
  });
});

describe('silentgate decode', () => {
  const decoded = (text: string) => {
    const done = command(folder.path, ['decode', '--json', text]);
    return { code: done.code, ...JSON.parse(done.out) };
  };

  it.each([
    ['4012345123456', 'CLASS_LEVEL'],
    ['401234512345612', 'TOO_SHORT'],
    ['4012311234650999999999999', 'TOO_SHORT'],
    ['300450549108', 'CHECK_DIGIT'],
    ['https://example.com/01/09506000134352/99/ABC/21/7', 'SYNTAX'],
    ['https://example.com/01/09520123456788?10=ABC123', 'CLASS_LEVEL'],
    ['(01)04012345123456(21)1(02)04012345123457', 'CHECK_DIGIT'],
    [']E404252614', 'CLASS_LEVEL'],
    ['8004950600ABC', 'TOO_SHORT'],
    ['00000000000000', 'RESERVED_VALUE'],
  ])('refuses %s: %s', (text, code) => {
    expect(decoded(text)).toMatchObject({ code: 1, ok: false, error: { code } });
  });

  it('reads what people and scanners make of an element string, and reports what it does not know', () => {
    expect(decoded('(01) 07032069804988 (21) ABC')).toMatchObject({
      code: 0,
      ok: true,
      elementString: '(01)07032069804988(21)ABC',
    });
    const unknown = decoded('(01)04012345123456(21)1(88)xyz');
    expect(unknown).toMatchObject({ code: 0, ok: true, warnings: [{ code: 'UNKNOWN_AI', position: 27 }] });
    expect(decoded('(01)04012345123456(21)1')).not.toHaveProperty('warnings');
    expect(command(folder.path, ['decode', '(01)04012345123456(21)1(88)xyz']).out).toContain('AI 88 is not known');
    expect(decoded('30003074257BF7194E4000001A85')).toMatchObject({
      ok: true,
      hex: '3074257BF7194E4000001A85',
      warnings: [{ code: 'PC_WORD' }],
    });
  });
});
