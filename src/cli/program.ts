import { Command } from 'commander';
import { GatewayError } from '../kit/index.ts';
import { harmlessLines } from './harmless.ts';
import { leave } from './lines.ts';
import { version } from './version.ts';

/** Runs the command line `silentgate …`. What can fail ends in one plain line on stderr and exit code 1. */
export async function program(argv: readonly string[]): Promise<void> {
  process.stdout.once('error', leave);
  // A daemon that is still loading has not read its file yet: there is nothing to read again.
  if (argv[2] === 'start') process.on('SIGHUP', () => undefined);
  const root = new Command('silentgate');
  root.description('RFID readers in; item state, stock and exactly-once CRM events out.').version(version());
  for (const load of needed(argv[2])) (await load())(root);
  try {
    await root.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    process.stderr.write(`${harmlessLines(error.message)}\n`);
    process.exitCode = 1;
  }
}

type Load = () => Promise<(root: Command) => void>;

const start: Load = async () => (await import('./start.ts')).addStartCommands;
const tag: Load = async () => (await import('./tag.ts')).addTagCommands;
const simulate: Load = async () => (await import('./simulate.ts')).addSimulateCommand;
const profile: Load = async () => (await import('./profile.ts')).addProfileCommands;
const reader: Load = async () => (await import('./reader.ts')).addReaderCommands;
const recording: Load = async () => (await import('./recording.ts')).addRecordingCommands;
const key: Load = async () => (await import('./key.ts')).addKeyCommands;
const doctor: Load = async () => (await import('./doctor.ts')).addDoctorCommand;
const products: Load = async () => (await import('./products.ts')).addProductsCommand;
const signIn: Load = async () => (await import('./sign-in.ts')).addSignInCommand;
const data: Load = async () => (await import('./data.ts')).addDataCommands;

/** Every command and where its code is. The libraries of the whole gateway take a second to load: `decode` needs none of them. */
export const commands: Readonly<Record<string, Load>> = {
  start,
  check: start,
  decode: tag,
  encode: tag,
  simulate,
  profile,
  reader,
  record: recording,
  replay: recording,
  key,
  doctor,
  'sign-in': signIn,
  products,
  backup: data,
  restore: data,
  'rebuild-stock': data,
};

/** What to load for the first word of the line: its command; nothing for the version; everything for help and for what is misspelt. */
function needed(word: string | undefined): readonly Load[] {
  if (word === '--version' || word === '-V') return [];
  const load = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
  return load === undefined ? [...new Set(Object.values(commands))] : [load];
}
