import { inner } from '../../protocols/index.ts';
import type { FieldTag } from '../tag-field.ts';
import type { TagMemory } from '../tag-memory.ts';
import { isFor, operateOn } from './simulated-access.ts';
import type { LlrpFaults } from './simulated-faults.ts';
import type { DeviceMemory } from './simulated-memory.ts';
import { hasBits } from './simulated-tags.ts';
import { device as limits } from './simulated-words.ts';

/** What lies between a simulated reader and its tags. */
export type Air = {
  readonly memory: DeviceMemory;
  readonly faults: LlrpFaults;
  /** Ports without an antenna. */
  readonly unplugged: Set<number>;
  /** Tags that keep still. */
  readonly still: Set<TagMemory>;
  /** Operations on tags since the faults were set. */
  operations: number;
};

/** The tag as this antenna hears it with its power and filter; null when it does not. A dB less power is a dB less signal. */
export function hear({ memory, unplugged, still, faults }: Air, tag: FieldTag): FieldTag | null {
  const settings = memory.settingsOf(tag.antenna);
  if (settings === null || unplugged.has(tag.antenna)) return null;
  const { dbm, filters, session } = settings;
  const rssi = tag.rssi - (limits.maxDbm - (dbm ?? limits.maxDbm));
  const isMeant = filters.every((filter) => {
    const mask = inner(filter, 'C1G2TagInventoryMask');
    return mask !== undefined && hasBits(tag.memory, mask);
  });
  if (rssi < limits.sensitivity || !isMeant) return null;
  if (faults.singleTarget !== true || (session ?? 0) < 2) return { ...tag, rssi };
  if (still.has(tag.memory)) return null;
  still.add(tag.memory);
  return { ...tag, rssi };
}

/** What is done to the tag by the first AccessSpec that means it. */
export function access(air: Air, { memory: tag, antenna }: FieldTag): Uint8Array[] {
  const { memory, faults } = air;
  const spec = [...memory.accessSpecs.values()].find((held) => isFor(held, tag, antenna, memory.active()));
  if (spec === undefined) return [];
  const results = operateOn(spec, tag, memory.version, () => {
    air.operations += 1;
    return faults.operation?.(air.operations - 1);
  });
  if (spec.left === 1) memory.accessSpecs.delete(spec.id);
  spec.left = Math.max(0, spec.left - 1);
  return results;
}
