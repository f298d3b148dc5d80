/** Ids of ours are 160 bits of a hash as base64url. */
const hashBytes = 20;
const hashChars = 27;

/** An event's id as it is kept: the bytes of a hash, any other text as it stands. */
export function idColumn(id: string): Buffer | string {
  if (id.length !== hashChars) return id;
  const bytes = Buffer.from(id, 'base64url');
  return bytes.length === hashBytes && bytes.toString('base64url') === id ? bytes : id;
}

/** The id that `idColumn` kept. */
export function idFrom(column: Buffer | string): string {
  return typeof column === 'string' ? column : column.toString('base64url');
}
