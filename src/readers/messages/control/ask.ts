import type { Reply } from '../../commands/access.ts';
import type { CommandRequest } from '../../profile/command-profile.ts';

/** Asks the reader one thing and gives the whole answer; `body` takes the place of the request's own. */
export type Ask = (request: CommandRequest, body?: Readonly<Record<string, unknown>>) => Promise<Reply<unknown>>;
