import type { Command } from 'commander';
import { addDetectCommand } from './reader/detect.ts';
import { addRunCommands } from './reader/run.ts';
import { addTagCommands } from './reader/tag.ts';

/** Each `silentgate reader …`, in the order of the help; one file in `reader/` and one row here. */
const subcommands: readonly ((reader: Command) => void)[] = [addDetectCommand, addRunCommands, addTagCommands];

/** `silentgate reader …`: what is done with readers by hand. */
export function addReaderCommands(root: Command): void {
  const reader = root.command('reader').description('readers by hand: find them, talk to them');
  for (const add of subcommands) add(reader);
}
