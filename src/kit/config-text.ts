import { readFileSync, statSync } from 'node:fs';
import { GatewayError, messageOf } from './errors.ts';

const largestFile = 1024 * 1024;

/** The text of a configuration file. Throws CONFIG_INVALID where it cannot be read, is no regular file, or is above 1 MiB. */
export function configText(file: string): string {
  try {
    const facts = statSync(file);
    // A pipe or a device has no size, and might never end.
    if (!facts.isFile()) throw new Error('it is not a regular file');
    if (facts.size > largestFile) throw new Error('it is larger than 1 MiB, which no configuration is');
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GatewayError(
      'CONFIG_INVALID',
      `The configuration file ${file} cannot be read: ${messageOf(error)}.`,
      { file },
      error,
    );
  }
}
