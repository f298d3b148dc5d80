import { describe, expect, it } from 'vitest';
import { tagBench } from './tag-bench.ts';

const epc = '3034257BF7194E4000001A85';
const tag = { epc };
const read = { command: 'readSensor', tag, samples: 3 } as const;

/** A Magnus S3 with a real chip's calibration: user words 8h to Bh, codes in reserved words Ch to Eh. */
function magnusS3(rssi: string) {
  const bench = tagBench({ epc, tid: 'E282403D0000000012345678', reservedWords: 15 });
  bench.tag.write('user', 8, 'C60390689B3E5604', null);
  bench.tag.write('reserved', 0xc, `00C8${rssi}08D0`, null);
  return bench;
}

describe('a sensor tag', () => {
  it('is known by its TID, is read several times, and tells °C and moisture', async () => {
    const bench = magnusS3('000C');
    const result = await bench.run(read);
    expect(result).toMatchObject({
      outcome: 'done',
      fields: { chip: 'Magnus S3', samples: 3, temperatureCelsius: 23.05, moistureCode: 200 },
    });
    expect(result.steps.map(({ step }) => step)).toEqual([
      'read TID',
      'read calibration',
      'read codes',
      'read codes',
      'read codes',
    ]);
    expect(bench.preselects).toEqual(Array(3).fill({ bank: 'user', bit: 0xe0, bits: 0, mask: '', waitMs: 3 }));
  });

  it('tells relative humidity where the inlay’s points are given', async () => {
    const humidity = [
      { code: 100, percent: 90 },
      { code: 300, percent: 30 },
    ];
    expect((await magnusS3('000C').run({ ...read, humidity })).fields['humidityPercent']).toBe(60);
  });

  it('with too little power is a failure that says so, with what was seen', async () => {
    const result = await magnusS3('0003').run(read);
    expect(result).toMatchObject({ outcome: 'failed', error: 'power', fields: { onChipRssi: 3, problems: 'SIGNAL' } });
  });

  it('is refused in words when it has no sensor, or when the reader cannot make it measure', async () => {
    expect(await tagBench({ epc }).run(read)).toMatchObject({ outcome: 'failed', error: 'unsupported' });
    const bench = tagBench({ epc, tid: 'E282403D0000000012345678' }, () => undefined, ['epc', 'tid'], ['read']);
    expect(await bench.run(read)).toMatchObject({ outcome: 'failed', error: 'unsupported' });
    expect(bench.calls).toEqual(['read']);
  });

  it('of EM4325 is read by any reader, and its alarms are told', async () => {
    const bench = tagBench({ epc, tid: 'E280B04412345678', userWords: 0x102 }, () => undefined, ['epc'], ['read']);
    bench.tag.write('user', 0x100, 'A00A0000', null);
    expect(await bench.run(read)).toMatchObject({
      outcome: 'done',
      fields: { chip: 'EM4325', temperatureCelsius: 2.5, flags: 'lowBattery overTemperature' },
    });
  });
});
