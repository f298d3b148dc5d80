import type { SerialOptions } from '../links/index.ts';
import type { ByteProfile } from '../protocols/index.ts';

export type LineFormat = ByteProfile['port']['format'];

/** Data bits, parity and stop bits as the line wants them; the configuration may say otherwise. */
export const lineFormats = {
  '8N1': {},
  '8E1': { parity: 'even' },
  '8N2': { stopBits: 2 },
} as const satisfies Record<LineFormat, Partial<SerialOptions>>;
