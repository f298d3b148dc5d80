import { Command } from 'commander';
import { GatewayError } from '../kit/index.ts';
import { addDataCommands } from './data.ts';
import { addDoctorCommand } from './doctor.ts';
import { addKeyCommands } from './key.ts';
import { addProfileCommands } from './profile.ts';
import { addRecordingCommands } from './recording.ts';
import { addSimulateCommand } from './simulate.ts';
import { addStartCommands } from './start.ts';
import { addTagCommands } from './tag.ts';
import { version } from './version.ts';

/** Runs the command line `silentgate …`. What can fail ends in one plain line on stderr and exit code 1. */
export async function program(argv: readonly string[]): Promise<void> {
  const root = new Command('silentgate');
  root.description('RFID readers in; item state, stock and exactly-once CRM events out.').version(version());
  for (const add of commands) add(root);
  try {
    await root.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

const commands: readonly ((root: Command) => void)[] = [
  addStartCommands,
  addTagCommands,
  addSimulateCommand,
  addProfileCommands,
  addRecordingCommands,
  addKeyCommands,
  addDoctorCommand,
  addDataCommands,
];
