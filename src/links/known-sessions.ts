import { readFileSync } from 'node:fs';
import { errnoOf, messageOf, writeWhole } from '../kit/index.ts';
import type { KnownSessions } from './channels.ts';
import type { LinkDeps } from './deps.ts';

/** Remembers in a file under which client ids a broker may keep sessions for us. A file that cannot be read says nothing. */
export function knownSessions(file: string, { log }: Pick<LinkDeps, 'log'>): KnownSessions {
  return {
    all: () => {
      try {
        const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
        return Array.isArray(found) ? found.filter((id) => typeof id === 'string') : null;
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') log.warn({ file, error: messageOf(error) }, 'client ids cannot be read');
        return null;
      }
    },
    note: (clientIds) => {
      try {
        writeWhole(file, `${JSON.stringify([...clientIds].sort(), null, 2)}\n`);
      } catch (error) {
        log.warn({ file, error: messageOf(error) }, 'client ids cannot be noted');
      }
    },
  };
}
