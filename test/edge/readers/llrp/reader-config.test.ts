import { describe, expect, test } from 'vitest';
import type { Capabilities } from '../../../../src/protocols/llrp/capabilities.ts';
import { readMessage, writeMessage, writeParameter } from '../../../../src/protocols/llrp/tree.ts';
import { readerConfigOf } from '../../../../src/readers/llrp/reader-config.ts';
import { request, setReaderConfig } from '../../../../src/readers/llrp/requests.ts';
import { llrpProfile } from './scene.ts';

const head = { version: 1, id: 7 };

describe('the configuration that an LLRP reader has', () => {
  test('is asked for whole: 0 for antenna, what, GPI and GPO [LLRP 1.0.1, 12.2.1]', () => {
    const { name, values } = request('GET_READER_CONFIG');
    expect(Buffer.from(writeMessage(name, head, values)).toString('hex')).toBe(`04020000001100000007${'00'.repeat(7)}`);
  });

  test('is set behind one byte of flags: nothing else of it begins anew [LLRP 1.0.1, 12.2.3]', () => {
    const { name, values } = setReaderConfig(llrpProfile('generic/llrp'), { holds: false } as Capabilities);
    expect(Buffer.from(writeMessage(name, head, values)).toString('hex')).toBe('04030000000b0000000700');
  });

  test.each([
    [0, 'mac'],
    [1, 'epc'],
  ] as const)('names the reader by the kind of its Identification: %i is its %s', (idType, kind) => {
    const readerId = '001625FFFE121A54';
    const told = {
      name: 'GET_READER_CONFIG_RESPONSE' as const,
      id: 7,
      values: {},
      inside: [writeParameter('Identification', { idType, readerId })],
    };
    const bytes = writeMessage(told.name, head, told.values, told.inside);
    const read = readMessage({ version: 1, id: 7, type: 12, bytes });
    if (!read.ok) throw new Error(JSON.stringify(read));
    expect(readerConfigOf(read.told)).toMatchObject({ readerId, readerIdKind: kind });
  });
});
