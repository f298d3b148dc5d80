import type { Place } from '../place.ts';
import { parseNumber, type TimeFormat } from '../time.ts';
import { spotsOf } from '../times.ts';
import { finishedNumber, putNumber, roleNumbers } from './finish.ts';
import type { Role } from './hole.ts';
import { dig, type Found, type Lesson, type Plan } from './plan.ts';

type Measured = Place & { readonly factor?: number };

/** Antenna, RSSI, count, running number, frequency and phase. */
export function planRadio(plan: Plan, { map }: Lesson): boolean {
  return (
    planNumber(plan, 'antenna', map.antenna, true) &&
    planNumber(plan, 'rssi', scaled(map.rssi, 'cdBm', 0.01), true) &&
    planNumber(plan, 'frequencyKhz', scaled(map.frequency, 'MHz', 1000), false) &&
    planNumber(plan, 'phaseDeg', map.phase, false) &&
    planNumber(plan, 'count', map.count, false) &&
    planNumber(plan, 'seq', map.seq, false)
  );
}

/** The first place that holds something. What is no number is a warning where `warns`; else it means nothing, as long as it stays. */
function planNumber(plan: Plan, role: Role, places: readonly Measured[] = [], warns: boolean): boolean {
  for (const { factor = 1, ...place } of places) {
    const found = plan.at(place);
    if (found === undefined || isNull(found)) continue;
    if (found === 'deep') return !warns;
    if ('told' in found) return giveNumber(plan, role, factor, found.told);
    const form = typeof found.value === 'number' ? 'number' : 'text';
    if (parseNumber(found.value) !== null) return dig(plan, found.leaf, { form, role, factor, formats: [] });
    plan.fixed.add(found.leaf);
    return !warns;
  }
  return true;
}

function isNull(found: Found): boolean {
  return found !== 'deep' && !('told' in found) && found.value === null;
}

/** A number that the topic says is the same for all reads. */
function giveNumber({ given }: Plan, role: Role, factor: number, text: string): boolean {
  const value = parseNumber(text);
  const finished = value === null ? Number.NaN : finishedNumber(roleNumbers[role], value * factor, []);
  putNumber(roleNumbers[role], Float64Array.of(finished), 0, given, 0);
  return !Number.isNaN(finished);
}

/** The first time that is there, if it is what is due: a time in another unit is said to the supervision. */
export function planTime(plan: Plan, { map }: Lesson): boolean {
  for (const { place, formats } of spotsOf(map.time ?? [])) {
    const found = plan.at(place);
    if (found === undefined) continue;
    if (found === 'deep' || 'told' in found) return false;
    if (found.value !== null) return digTime(plan, found.leaf, found.value, formats);
  }
  return true;
}

function digTime(plan: Plan, leaf: symbol, value: unknown, formats: readonly TimeFormat[]): boolean {
  const isNumber = parseNumber(value) !== null;
  if (!isNumber && (typeof value !== 'string' || !formats.includes('iso'))) return false;
  const form = typeof value === 'number' ? 'number' : isNumber ? 'text' : 'iso';
  return dig(plan, leaf, { form, role: 'at', factor: 1, formats });
}

function scaled<P extends Place & { unit?: string }>(places: readonly P[] | undefined, unit: string, factor: number) {
  return places?.map((place) => ({ ...place, factor: place.unit === unit ? factor : 1 }));
}
