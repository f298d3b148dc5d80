import { commandAnswer, IdParams } from '../../contract/index.ts';
import { GatewayError, type TSchema, Type } from '../../kit/index.ts';
import { commandErrors } from '../../protocols/index.ts';
import { type CommandName, commandOutcomes, type ReaderCommand, readerCommands } from '../../readers/index.ts';
import { grants, type Principal, type Scope } from '../access/scopes.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

const rows = Object.entries(readerCommands) as [CommandName, { readonly scope: Scope; readonly members: TSchema }][];

/** One variant a command: `command` and the members of its row. */
const Command = Type.Unsafe<ReaderCommand>(
  Type.Union(
    rows.map(([name, { members }]) =>
      Type.Object(
        { command: Type.Literal(name), ...(members['properties'] as Record<string, TSchema>) },
        { additionalProperties: false },
      ),
    ),
    { description: `an object with command, one of ${rows.map(([name]) => name).join(', ')}, and its members` },
  ),
);

const scopeWords = [...new Set(rows.map(([, { scope }]) => scope))].map(
  (scope) =>
    `${scope} for ${rows
      .filter((row) => row[1].scope === scope)
      .map(([name]) => name)
      .join(', ')}`,
);

/**
 * Asks a reader for something. The scope depends on the command. What reader or tag made of it is the answer's `outcome`,
 * with status 200: only `done` means that it is so.
 */
export function commandRoute({ readers }: ApiDeps): Route {
  return route({
    method: 'POST',
    url: '/readers/:id/commands',
    scope: 'any',
    note: `Needs a scope by command: ${scopeWords.join('; ')}.`,
    summary: 'Identifies, starts, stops or configures a reader; reads, writes, locks or kills a tag',
    schema: { params: IdParams, body: Command, response: commandAnswer(commandOutcomes, commandErrors) },
    handler: ({ params, body }, _reply, caller) => {
      mustBeAllowed(caller, body.command);
      const result = readers.command(params.id, body);
      if (result === null) throw new GatewayError('NOT_FOUND', `No reader ${params.id} is configured.`);
      return result;
    },
  });
}

function mustBeAllowed({ scopes }: Principal, command: CommandName): void {
  const { scope } = readerCommands[command];
  if (scopes.some((held) => grants(held, scope))) return;
  throw new GatewayError('FORBIDDEN', `The command ${command} needs the scope ${scope}.`);
}
