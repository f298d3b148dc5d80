import { Type } from '../kit/index.ts';

/** What the configuration says of presence. */
export const MemoryOptions = Type.Object(
  {
    memory: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{0,14}( (kB|MB|GB))?$',
        description: 'a size such as "200 MB" or "2 GB", or quoted bytes',
      }),
    ),
  },
  { additionalProperties: false },
);

const units: Readonly<Record<string, number>> = { kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Bytes of a size that fits `MemoryOptions`. */
export function bytesOf(size: string): number {
  const [number, unit] = size.split(' ');
  return Number(number) * (unit === undefined ? 1 : (units[unit] ?? 1));
}
