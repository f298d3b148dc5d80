import { line } from './0001-line.ts';
import { erasedTokens } from './0002-erased-tokens.ts';
import { keyReaders } from './0003-key-readers.ts';
import { sessions } from './0004-sessions.ts';
import { log } from './0005-log.ts';
import { followers } from './0006-followers.ts';
import type { Migration } from './migration.ts';

export { type Migration, runStep } from './migration.ts';

/** Every step of the schema, oldest first. */
export const migrations: readonly Migration[] = [line, erasedTokens, keyReaders, sessions, log, followers];
