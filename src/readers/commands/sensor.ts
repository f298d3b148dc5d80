import { humidityOf, type SensorChip, type SensorResult, sensorChipOf } from '../../tags/index.ts';
import type { Reply, TagAccess, Target } from './access.ts';
import type { ReaderCommand } from './command.ts';
import type { CommandResult } from './result.ts';
import { done, type Ending, failed, type Trail } from './trail.ts';

type Wanted = Extract<ReaderCommand, { command: 'readSensor' }>;
type SensorFields = Readonly<Record<string, string>>;
type Fields = CommandResult['fields'];

const SAMPLES = 5;
/** Names under which values are told. */
const names = {
  temperature: 'temperatureCelsius',
  humidity: 'humidityPercent',
  moistureCode: 'moistureCode',
  onChipRssi: 'onChipRssi',
} as const;

/** Reads a sensor tag some times and tells the means; what the chip is, is seen from its TID. */
export async function readSensor(trail: Trail, access: TagAccess, target: Target, wanted: Wanted): Promise<Ending> {
  const tid = await tidOf(trail, access, target);
  if (!tid.ok) return failed(tid.error);
  const chip = sensorChipOf(tid.value);
  if (chip === null) {
    return failed('unsupported', { message: `A chip with the TID ${tid.value} has no sensor that is known here.` });
  }
  if (needsPreselect(chip) && !access.can.includes('preselect')) {
    return failed('unsupported', {
      message: `${chip.name} measures after a Select of its own, which this reader cannot send.`,
    });
  }
  const fixed = await readWords(trail, access, target, chip.fixed);
  if (!fixed.ok) return failed(fixed.error);
  const results: SensorResult[] = [];
  for (let i = 0; i < (wanted.samples ?? SAMPLES); i++) {
    const sample = await readWords(trail, access, target, chip.sample);
    if (!sample.ok) return failed(sample.error);
    results.push(chip.convert({ ...fixed.value, ...sample.value }));
  }
  return endingOf(chip, results, wanted.humidity ?? []);
}

function needsPreselect({ fixed, sample }: SensorChip): boolean {
  return [...fixed, ...sample].some(({ preselect }) => preselect !== undefined);
}

async function tidOf(trail: Trail, access: TagAccess, target: Target): Promise<Reply<string>> {
  const { tid } = target.tag;
  if (tid !== undefined && tid.length >= 8) return { ok: true, value: tid };
  return trail.take('read TID', access.read(target, 'tid', 0, 2));
}

async function readWords(
  trail: Trail,
  access: TagAccess,
  target: Target,
  reads: SensorChip['sample'],
): Promise<Reply<SensorFields>> {
  const words: Record<string, string> = {};
  for (const { name, bank, word, words: count, preselect } of reads) {
    const reply = await trail.take(`read ${name}`, access.read(target, bank, word, count, preselect));
    if (!reply.ok) return reply;
    words[name] = reply.value;
  }
  return { ok: true, value: words };
}

/** Done when anything was measured: the values, and what the others lacked; else why there are none. */
function endingOf(
  chip: SensorChip,
  results: readonly SensorResult[],
  humidity: NonNullable<Wanted['humidity']>,
): Ending {
  const values: Record<string, number> = {};
  for (const [quantity, name] of Object.entries(names)) {
    const found = results.flatMap(({ readings }) => readings.filter((reading) => reading.quantity === quantity));
    if (found.length === 0) continue;
    values[name] = rounded(found.reduce((sum, { value }) => sum + value, 0) / found.length);
  }
  const moisture = values[names.moistureCode];
  const percent = moisture === undefined ? null : humidityOf(moisture, humidity);
  const problems = [...new Set(results.flatMap((result) => result.problems))];
  const flags = [...new Set(results.flatMap((result) => result.flags))];
  const fields: Fields = {
    chip: chip.name,
    samples: results.length,
    ...values,
    ...(percent === null ? {} : { [names.humidity]: percent }),
    ...(problems.length === 0 ? {} : { problems: problems.join(' ') }),
    ...(flags.length === 0 ? {} : { flags: flags.join(' ') }),
  };
  const measured = values[names.temperature] !== undefined || moisture !== undefined;
  return measured ? done({ fields }) : failed(problems.includes('SIGNAL') ? 'power' : 'tag', { fields });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
