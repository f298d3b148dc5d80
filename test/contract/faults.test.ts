import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Fault,
  type FaultCode,
  type FaultParams,
  failure,
  fault,
  faultIn,
  faultOf,
  faultTable,
  faultText,
  GatewayError,
  said,
  sentenceOf,
} from '../../src/kit/index.ts';
import { en } from '../../src/web/words/en.ts';
import { zhTw } from '../../src/web/words/zh-tw.ts';

const codes = Object.keys(faultTable) as FaultCode[];
const slotsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot).sort();

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

describe('every fault', () => {
  it.each([
    ['en', en],
    ['zh-TW', zhTw],
  ])('has words in %s that ask for exactly its values', (_, dictionary) => {
    const words: Readonly<Record<string, string>> = dictionary;
    for (const code of codes) {
      expect(slotsOf(words[`fault_${code}`] ?? 'no words'), code).toEqual(slotsOf(faultTable[code].text));
      expect(words[`fault_${code}`], code).toBeTruthy();
    }
    const worded = Object.keys(words).filter((key) => key.startsWith('fault_') && key !== 'fault_because');
    expect(worded.sort()).toEqual(codes.map((code) => `fault_${code}`).sort());
  });

  it('is made with the values that its sentence asks for, no more and no fewer', () => {
    expectTypeOf<keyof FaultParams<'TLS_FILE_UNREADABLE'>>().toEqualTypeOf<'setting' | 'path' | 'errno'>();
    expectTypeOf<keyof FaultParams<'BROKER_BANNED'>>().toEqualTypeOf<never>();
    expectTypeOf<Parameters<typeof fault<'CRM_NO_ANSWER'>>[1]>().toEqualTypeOf<
      Readonly<Record<'ms', string | number>>
    >();
  });

  it('is made somewhere', () => {
    const source = filesIn('src')
      .filter((file) => !/^src\/kit\/\w+-faults\.ts$|^src\/web\//.test(file))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    // Made from the number of the status.
    const made = (code: string) => source.includes(`'${code}'`) || /^LLRP_STATUS_\d+$/.test(code);
    expect(codes.filter((code) => !made(code))).toEqual([]);
  });

  it('is said with all its values, and with its cause after a colon', () => {
    expect(sentenceOf(fault('HOST_CUT', { where: 'h:1' }))).toBe('h:1 cut the connection.');
    expect(sentenceOf(fault('READER_STEP_REFUSED', { step: 'setPower' }, fault('NO_REASON')))).toBe(
      'The reader refused setPower: no reason given.',
    );
    expect(sentenceOf(fault('CRM_GIVEN_UP', { times: 8 }, fault('CRM_NOT_FOUND', {}, said('no shop'))))).toBe(
      'failed 8 times while other events were taken, the last time: HTTP 404: no shop',
    );
  });

  it('travels in an error under the code of its row, and comes out of it again', () => {
    const banned = fault('BROKER_BANNED');
    const error = failure(banned, { where: 'h:1' });
    expect(error).toMatchObject({ code: 'LINK_DENIED', message: sentenceOf(banned), context: { where: 'h:1' } });
    expect(faultOf(error)).toEqual(banned);
    expect(faultOf(new GatewayError('LINK_LOST', 'Words.'))).toEqual(said('Words.'));
    expect(faultOf('thrown')).toEqual(said('thrown'));
  });
});

describe('a fault that is kept as text', () => {
  const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer()));
  const plain = fc.record({ code: fc.constantFrom(...codes), params: values, cause: fc.constant(null) });
  const faults: fc.Arbitrary<Fault> = fc.oneof(plain, fc.record({ ...plainRecord(), cause: plain }));

  function plainRecord() {
    return { code: fc.constantFrom(...codes), params: values };
  }

  it('comes back as it was', () => {
    fc.assert(fc.property(faults, (one) => void expect(faultIn(faultText(one))).toEqual(one)));
  });

  it('is foreign words where it is any other text: a sentence of an older version, a code of a newer one', () => {
    const others = [
      'HTTP 422: {"code":"E1"}',
      '{"code":"NEW_KIND","params":{},"cause":null}',
      '{"code":"HOST_CUT"',
      '{"code":"HOST_CUT","params":[],"cause":null}',
      '{"code":"HOST_CUT","params":{"where":{}},"cause":null}',
      '{"code":"HOST_CUT","params":{"where":"h"},"cause":{"code":"toString","params":{},"cause":null}}',
      '',
    ];
    for (const text of others) expect(faultIn(text), text).toEqual(said(text));
    fc.assert(fc.property(fc.string(), (text) => void expect(faultIn(text)).toEqual(said(text))));
  });
});

describe('nobody decides by the words of a sentence', () => {
  const named = String.raw`(?:(?:\w+\.)*(?:message|lastError|error|detail|sentence|reason)|\w+\.text|messageOf\(\w+\))`;
  const asked = new RegExp(String.raw`\b${named}\??\.(?:includes|startsWith|endsWith|match|search|indexOf)\(`);
  const tested = new RegExp(String.raw`\.(?:test|exec)\(\s*${named}\s*\)`);
  const matches = (source: string) => asked.test(source) || tested.test(source);

  it('finds the patterns it looks for', () => {
    expect(matches("if (error.message.includes('busy')) x();")).toBe(true);
    expect(matches('/^HTTP (401)/.test(check.text)')).toBe(true);
    expect(matches('pattern.exec(letter.reason)')).toBe(true);
    expect(matches('if (error.code === "EBUSY") x();')).toBe(false);
  });

  it('in the page', () => {
    expect(filesIn('src/web').filter((file) => matches(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('in the command line, the API, links, deliveries, supervision and the store, but for one table of foreign words', () => {
    const rooms = [
      'cli',
      'api',
      'links',
      'followers',
      'journal',
      'demo',
      'profiles',
      'supervision',
      'readers/llrp',
      'readers/bytes',
      'protocols/llrp',
      'protocols/bytes',
      'simulators/llrp',
    ];
    const found = rooms.flatMap((room) => filesIn(`src/${room}`)).filter((file) => matches(readFileSync(file, 'utf8')));
    expect(found).toEqual(['src/links/foreign-texts.ts'].filter((file) => found.includes(file)));
  });
});
