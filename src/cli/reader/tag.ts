import type { Command } from 'commander';
import { GatewayError } from '../../kit/index.ts';
import type { ReaderCommand } from '../../readers/index.ts';
import { wholeFrom } from '../number.ts';
import { command, epcHex, gatewayOptions, secretOf, type TagFlags } from './ask.ts';

type Bank = Extract<ReaderCommand, { command: 'readMemory' }>['bank'];
type Locks = Extract<ReaderCommand, { command: 'lock' }>['lock'];

/** `silentgate reader read | sensor | write | write-epc | set-passwords | lock | kill`: what is asked of one tag. */
export function addTagCommands(reader: Command): void {
  onTag(reader.command('read <reader>'), 'words of a tag’s memory')
    .option('--bank <bank>', 'reserved, epc, tid or user', 'tid')
    .option('--word <n>', 'first word', wholeFrom(0, 0xffff), 0)
    .option('--words <n>', 'number of 16-bit words', wholeFrom(1, 128), 6)
    .action((id: string, flags: TagFlags & { bank: Bank; word: number; words: number }) => {
      const { bank, word, words } = flags;
      return command(flags, id, { command: 'readMemory', ...target(flags), bank, word, words });
    });
  onTag(reader.command('sensor <reader>'), 'what a sensor tag measures: °C, moisture; the mean of some reads')
    .option('--samples <n>', 'reads to average', wholeFrom(1, 20), 5)
    .action((id: string, flags: TagFlags & { samples: number }) =>
      command(flags, id, { command: 'readSensor', ...target(flags), samples: flags.samples }),
    );
  onTag(reader.command('write <reader> <data>'), 'writes hex of whole words to user memory, and reads it back')
    .option('--word <n>', 'first word', wholeFrom(0, 0xffff), 0)
    .action((id: string, data: string, flags: TagFlags & { word: number }) =>
      command(flags, id, { command: 'writeMemory', ...target(flags), bank: 'user', word: flags.word, data }),
    );
  onTag(
    reader.command('write-epc <reader> <new>'),
    'gives a tag another EPC (hex or tag URI), and reads it back',
  ).action((id: string, epc: string, flags: TagFlags) =>
    command(flags, id, { command: 'writeEpc', ...target(flags), epc: epcHex(epc) }),
  );
  onTag(reader.command('set-passwords <reader>'), 'sets access and kill password')
    .option('--access <password>', '8 hex digits, env:NAME or file:PATH', secretOf)
    .option('--kill <password>', '8 hex digits, env:NAME or file:PATH', secretOf)
    .action((id: string, flags: TagFlags & { access?: string; kill?: string }) => {
      const { access, kill } = flags;
      const passwords = { ...(access === undefined ? {} : { access }), ...(kill === undefined ? {} : { kill }) };
      return command(flags, id, { command: 'setPasswords', ...target(flags), ...passwords });
    });
  addLock(reader);
  addKill(reader);
}

function addLock(reader: Command): void {
  onTag(
    reader.command('lock <reader> <part=action...>'),
    'e.g. epc=lock user=permanentLock; parts: killPassword accessPassword epc tid user',
  )
    .option('--yes', 'what is permanent can never be taken back: say that it is meant')
    .action((id: string, parts: string[], flags: TagFlags & { yes?: boolean }) => {
      const lock = Object.fromEntries(parts.map((text) => text.split('='))) as Locks;
      if (Object.values(lock).some((action) => action?.startsWith('permanent'))) mustBeMeant(flags, 'A permanent lock');
      return command(flags, id, { command: 'lock', ...target(flags), lock });
    });
}

function addKill(reader: Command): void {
  onTag(reader.command('kill <reader>'), 'makes a tag silent for ever')
    .requiredOption('--kill-password <password>', '8 hex digits, env:NAME or file:PATH', secretOf)
    .option('--yes', 'a killed tag never answers again: say that it is meant')
    .action((id: string, flags: TagFlags & { killPassword: string; yes?: boolean }) => {
      mustBeMeant(flags, 'A kill');
      const { password: _, ...killed } = target(flags);
      return command(flags, id, { command: 'kill', ...killed, killPassword: flags.killPassword });
    });
}

function mustBeMeant({ yes }: { yes?: boolean }, what: string): void {
  if (yes !== true)
    throw new GatewayError('REQUEST_INVALID', `${what} can never be taken back. Add --yes if it is meant.`);
}

function onTag(tag: Command, what: string): Command {
  return gatewayOptions(tag)
    .description(what)
    .option('--epc <epc>', 'the tag with this EPC, hex or tag URI', epcHex)
    .option('--tid <tid>', 'the tag with this TID, hex')
    .option('--antenna <port>', 'by this antenna only', wholeFrom(1, 256))
    .option('--password <password>', 'access password: 8 hex digits, env:NAME or file:PATH', secretOf);
}

/** Exactly one of `--epc` and `--tid`: a command for “whatever lies there” changes the wrong tag sooner or later. */
function target({ epc, tid, antenna, password }: TagFlags) {
  if ((epc === undefined) === (tid === undefined)) {
    throw new GatewayError('REQUEST_INVALID', 'Say which tag is meant: --epc or --tid.');
  }
  return {
    tag: epc === undefined ? { tid: tid ?? '' } : { epc },
    ...(antenna === undefined ? {} : { antenna }),
    ...(password === undefined ? {} : { password }),
  };
}
