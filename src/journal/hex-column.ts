const upperHex = /^(?:[0-9A-F]{2})+$/;

/** Upper-case hex as it is kept: its bytes; any other text as it stands. */
export function hexColumn(hex: string): Buffer | string {
  return upperHex.test(hex) ? Buffer.from(hex, 'hex') : hex;
}

/** The hex that `hexColumn` kept. */
export function hexFrom(column: Buffer | string): string {
  return typeof column === 'string' ? column : column.toString('hex').toUpperCase();
}
