import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command, temporaryFolder } from './harness.ts';

const scratch = temporaryFolder();
afterAll(() => scratch.remove());

const lines = (text: string) => text.trimEnd().split('\n');

describe('silentgate profile decode', () => {
  it('tells what a profile makes of bytes and of payloads', () => {
    const chunks = 'BB02220011BD30003034257BF7194E4000\n001A85EE2C7D7E\n';
    const bytes = command(scratch.path, ['profile', 'decode', '--profile', 'magicrf/m100'], chunks);
    expect(lines(bytes.out).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ kind: 'read', epc: '3034257BF7194E4000001A85', rssi: -67, tid: null, at: null }),
    ]);
    const payload = readFileSync('test/captures/impinj-r700/01-taginventory-full.payload', 'utf8').replaceAll(
      '\n',
      ' ',
    );
    const message = command(scratch.path, ['profile', 'decode', '--profile', 'impinj/r700'], `${payload}\nrubbish\n`);
    const decoded = lines(message.out).map((line) => JSON.parse(line) as { kind: string; reason?: string });
    expect(decoded.map(({ kind }) => kind)).toEqual(['read', 'bad']);
    expect(decoded[1]).toMatchObject({ reason: 'BAD_JSON', hex: expect.any(String) });
  });

  it('reads columns by name and times by the zone that is given, and says once what a header or a zone lacks', () => {
    const file = join(scratch.path, 'columns.yaml');
    const map = ['payload: csv', 'header: true', 'id: [{ path: epc }]', 'rssi: [{ path: rssi }]'];
    writeFileSync(file, [...map, 'time: [{ path: when, format: iso }]'].join('\n'));
    const input = [
      'epc,when',
      '3034257BF7194E40000000AA,2026-11-30T19:28:40',
      '3034257BF7194E40000000AB,2025-04-17 11:42:08',
    ];
    const decode = (lines: readonly string[], ...flags: string[]) => {
      const args = ['profile', 'decode', '--profile', 'generic/json', '--map', file, ...flags];
      return command(scratch.path, args, `${lines.join('\n')}\n`);
    };
    const told = (out: string) => lines(out).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told(decode(input, '--time-zone', 'Asia/Taipei').out)).toMatchObject([
      { kind: 'remark', code: 'READER_COLUMN_MISSING', missing: 'rssi', there: 'epc, when' },
      { kind: 'read', epc: '3034257BF7194E40000000AA', at: Date.parse('2026-11-30T11:28:40Z') },
      { kind: 'read', epc: '3034257BF7194E40000000AB', at: Date.parse('2025-04-17T03:42:08Z') },
    ]);
    expect(told(decode(input).out).map(({ code, kind, at }) => code ?? at ?? kind)).toEqual([
      'READER_COLUMN_MISSING',
      'READER_NO_TIME_ZONE',
      'read',
      'read',
    ]);
    expect(told(decode(['tag,when', ...input.slice(1)]).out)).toMatchObject([
      { kind: 'remark', missing: 'epc, rssi', there: 'tag, when' },
      { kind: 'bad', reason: 'NO_COLUMN', why: 'the header has no column epc; it has tag, when' },
    ]);
    expect(decode(input, '--time-zone', 'Mars/Base')).toMatchObject({
      code: 1,
      err: expect.stringContaining('an IANA time zone such as Asia/Taipei'),
    });
  });

  it('shows what a map of one’s own makes of a payload, and what is wrong with the map', () => {
    const file = join(scratch.path, 'map.yaml');
    const decode = (profile: string, payload: string) =>
      command(scratch.path, ['profile', 'decode', '--profile', profile, '--map', file], payload);
    writeFileSync(file, 'payload: csv\nid: [{ column: 1 }]\nantenna: [{ column: 2 }]\n');
    const csv = decode('generic/json', 'E28011606000020934D6FAF7,2,-52.5\n');
    expect(JSON.parse(csv.out)).toMatchObject({ kind: 'read', epc: 'E28011606000020934D6FAF7', antenna: 2 });
    expect(decode('impinj/r700', '{}\n')).toMatchObject({ code: 1, err: expect.stringContaining('takes no --map') });
    writeFileSync(file, 'payload: xml\nid: [{ column: 1 }]\n');
    expect(decode('generic/json', '{}\n')).toMatchObject({
      code: 1,
      err: expect.stringContaining('map.yaml:1: payload'),
    });
  });

  it('loses no frame of a line of megabytes, and says so of one that is longer than it decodes', () => {
    const frame = 'BB02220011BD30003034257BF7194E4000001A85EE2C7D7E';
    const decode = ['profile', 'decode', '--profile', 'magicrf/m100'];
    const whole = lines(command(scratch.path, decode, `${frame.repeat(30_000)}\n${frame}`).out);
    expect(whole).toHaveLength(30_001);
    expect(new Set(whole).size).toBe(1);
    const cut = lines(command(scratch.path, decode, `${frame.repeat(720_000)}\n${frame}\n`).out);
    expect(cut.map((line) => (JSON.parse(line) as { kind: string; reason?: string }).reason ?? 'read')).toEqual([
      'TOO_LARGE',
      'read',
    ]);
  });
});
