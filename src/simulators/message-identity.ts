import type { MessageProfile } from '../protocols/index.ts';

/** What a simulated reader says of itself. */
export function simulatedIdentity({ models }: MessageProfile) {
  return {
    model: models[0] ?? '',
    serial: 'SIMULATED-1',
    firmware: '1.0.0',
    radioFirmware: '2.0.0',
    region: 'Taiwan',
    standard: 'NCC',
  } as const;
}
