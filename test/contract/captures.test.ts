import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Decoded, loadProfiles, openDecoder } from '../../src/profiles/index.ts';
import { framesOf } from '../fakes/frames.ts';

/** Bytes in, meaning out: a case is `<case>.hex` or `<case>.payload` and `<case>.json`. Adding a case is adding two files. */
const folder = join(import.meta.dirname, '../captures');
const profiles = loadProfiles([join(import.meta.dirname, '../../firmware-profiles')]);

const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({ name: file.replace(/\.json$/, ''), data: JSON.parse(readFileSync(join(folder, file), 'utf8')) }));

const inputOf = (name: string, ext: string) => readFileSync(join(folder, `${name}.${ext}`));

describe('captures of byte protocols', () => {
  const byteCases = cases.filter(({ data }) => 'frames' in data);
  test.each(byteCases)('$name gives its frames and meaning', ({ name, data }) => {
    const hex = inputOf(name, 'hex').toString('latin1').trim();
    const { frames, discarded } = framesOf(profiles.get(data.profile), data.direction, [Buffer.from(hex, 'hex')]);
    expect(frames).toEqual(data.frames);
    expect(discarded.join('').length / 2).toBe(data.discardedBytes);
    if (data.expect === undefined) return;
    const decoder = openDecoder(profiles.get(data.profile));
    expect([...decoder.push(hex), ...decoder.end()]).toMatchObject(data.expect);
  });
});

test('what a stream decodes to is what its frames decode to one by one; damage takes nothing with it', () => {
  const streams = cases.filter(({ data }) => data.direction === 'fromReader' && 'frames' in data);
  for (const { name, data } of streams) {
    const decoded = (...chunks: string[]) => {
      const decoder = openDecoder(profiles.get(data.profile));
      return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
    };
    const damaged = (one: Decoded) => one.kind === 'bad' && !data.frames.includes(one['hex']);
    const whole = decoded(inputOf(name, 'hex').toString('latin1').trim());
    expect(whole.filter((one) => !damaged(one))).toEqual(decoded(...data.frames));
    expect(whole.some(damaged)).toBe(data.discardedBytes > 0);
  }
});

describe('captures of line protocols', () => {
  const lineCases = cases.filter(({ data }) => data.kind === 'lines');
  test.each(lineCases)('$name gives its meaning, whole and byte by byte', ({ name, data }) => {
    const bytes = Buffer.from(inputOf(name, 'hex').toString('latin1').trim(), 'hex');
    const whole = openDecoder(profiles.get(data.profile));
    const expected = [...whole.push(bytes), ...whole.end()];
    expect(expected).toMatchObject(data.expect);
    const pieces = openDecoder(profiles.get(data.profile));
    const got = [...bytes].flatMap((byte) => pieces.push(Uint8Array.of(byte)));
    expect([...got, ...pieces.end()]).toEqual(expected);
  });
});

describe('captures of message protocols', () => {
  const messageCases = cases.filter(({ data }) => 'read' in data);
  test.each(messageCases)('$name gives its reads, events and rejections', ({ name, data }) => {
    const { topic, status = false, map } = data;
    const got = openDecoder(profiles.get(data.profile), map).push(inputOf(name, 'payload'), { topic, status });
    const ofKind = (kind: Decoded['kind']) => got.filter((outcome) => outcome.kind === kind);
    for (const kind of ['read', 'event', 'bad', 'answer'] as const) {
      expect(ofKind(kind)).toMatchObject(data[kind]);
      expect(ofKind(kind)).toHaveLength(data[kind].length);
    }
    expect(got.flatMap((outcome) => outcome['warnings'] ?? [])).toEqual(data.warnings);
  });
});

test('no payload of any maker makes any decoder throw, and none reaches Object.prototype', () => {
  for (const { name, data } of cases.filter(
    ({ data }) => !('frames' in data || 'messages' in data || data.kind === 'lines'),
  )) {
    for (const profile of profiles.all()) {
      const payload = inputOf(name, 'payload');
      const decoder = openDecoder(profile, profile.id === 'generic/json' ? data.map : undefined);
      expect(Array.isArray([...decoder.push(payload), ...decoder.end()])).toBe(true);
    }
  }
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
