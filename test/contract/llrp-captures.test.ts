import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Decoded, loadProfiles, openDecoder } from '../../src/profiles/index.ts';

/** LLRP in, meaning out: `<case>.hex` is one chunk as a reader or a client sent it, `<case>.json` what it says. */
const folder = join(import.meta.dirname, '../captures');
const profiles = loadProfiles([join(import.meta.dirname, '../../firmware-profiles')]);

type Message = {
  type: string;
  status?: { code: number; description: string };
  events?: ({ event: string } & Record<string, unknown>)[];
  capabilities?: Record<string, unknown>;
  error?: string;
};

const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^llrp-.*\.json$/.test(file))
  .sort()
  .map((file) => ({ name: file.replace(/\.json$/, ''), data: JSON.parse(readFileSync(join(folder, file), 'utf8')) }));

/** The outcomes that a message says besides its reads. */
function saidBy({ type, status, events = [], capabilities = {} }: Message) {
  const told = events.map(({ event: name, ...detail }) => ({ kind: 'event', name, detail }));
  if (status === undefined || type === 'CUSTOM_MESSAGE') return told;
  const { canSetAntennaProperties: _, ...shown } = capabilities;
  const fields = { ...shown, status: status.code, text: status.description };
  return [...told, { kind: 'answer', command: type.replace(/_RESPONSE$/, ''), ok: status.code === 0, fields }];
}

const accessOf = ({ result, opSpecId, dataHex }: Record<string, unknown>) => ({
  kind: 'answer',
  command: 'readMemory',
  ok: result === 0,
  fields: { result, opSpecId, data: dataHex },
});

describe('captures of LLRP', () => {
  test('are all there', () => {
    expect(cases).toHaveLength(51);
  });

  test.each(cases)('$name gives its reads, events, answers and rejections', ({ name, data }) => {
    const decoder = openDecoder(profiles.get(data.profile));
    const hex = readFileSync(join(folder, `${name}.hex`), 'latin1').trim();
    const got = [...decoder.push(hex), ...decoder.end()];
    const ofKind = (kind: Decoded['kind']) => got.filter((outcome) => outcome.kind === kind);
    expect(ofKind('read')).toMatchObject(data.reads);
    expect(ofKind('read')).toHaveLength(data.reads.length);
    const said = [...data.messages.flatMap(saidBy), ...(data.access ?? []).map(accessOf)];
    expect(got.filter(({ kind, name }) => kind === 'answer' || (kind === 'event' && !plain.has(name)))).toMatchObject(
      said,
    );
    const reasons = [data.error, ...data.messages.map(({ error }: Message) => error)];
    if (data.outcome === 'incomplete') reasons.push('INCOMPLETE');
    expect(ofKind('bad').map(({ reason }) => reason)).toEqual(reasons.filter((reason) => reason !== undefined));
    if (data.pendingBytes !== undefined) expect(got[0]?.['hex']).toHaveLength(2 * data.pendingBytes);
  });
});

/** Messages that are shown by their name only. */
const plain = new Set<unknown>(['keepalive', 'message', 'custom']);
