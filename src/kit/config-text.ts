import { readFileSync, statSync } from 'node:fs';
import { GatewayError, messageOf } from './gateway-error.ts';

const MIB = 1024 * 1024;

/** The text of a configuration file. Throws CONFIG_INVALID where `boundedText` throws. */
export function configText(file: string): string {
  try {
    return boundedText(file);
  } catch (error) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `The configuration file ${file} cannot be read: ${messageOf(error)}.`,
      { file },
      error,
    );
  }
}

/** The text of a file that people write. Throws an Error where it cannot be read, is no regular file, or is above `mebibytes`; nothing of it is read then. */
export function boundedText(file: string, mebibytes = 1): string {
  const facts = statSync(file);
  // A pipe or a device has no size, and might never end.
  if (!facts.isFile()) throw new Error('it is not a regular file');
  if (facts.size > mebibytes * MIB) throw new Error(`it is larger than ${mebibytes} MiB, which no file of its kind is`);
  return readFileSync(file, 'utf8');
}
