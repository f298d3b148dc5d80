import type { Command } from 'commander';
import type { ReaderCommand, ReaderStatus } from '../../readers/index.ts';
import { harmless } from '../harmless.ts';
import { numberFrom, wholeFrom } from '../number.ts';
import { ask, command, type GatewayFlags, gatewayOptions } from './ask.ts';

type Settings = Extract<ReaderCommand, { command: 'configure' }>['settings'];
type Filter = NonNullable<Settings['filter']>;
type SettingFlags = GatewayFlags & {
  -readonly [Key in Exclude<keyof Settings, 'antennas' | 'filter'>]?: Settings[Key];
} & {
  antennas?: number[];
  filter?: Filter;
};

/** `silentgate reader list | identify | start | stop | configure`: what is asked of readers as a whole. */
export function addRunCommands(reader: Command): void {
  gatewayOptions(reader.command('list'))
    .description('all readers of a running gateway, and how they are')
    .action(async (flags: GatewayFlags) => {
      const { rows } = (await ask(flags, 'GET', '/readers')) as { rows: ReaderStatus[] };
      process.stdout.write(flags.json === true ? `${JSON.stringify({ rows })}\n` : rows.map(line).join(''));
    });
  const plain = {
    identify: 'model, firmware, serial and region',
    start: 'take inventory',
    stop: 'rest until start',
  } as const;
  for (const [name, what] of Object.entries(plain) as [keyof typeof plain, string][]) {
    gatewayOptions(reader.command(`${name} <reader>`))
      .description(what)
      .action((id: string, flags: GatewayFlags) => command(flags, id, { command: name }));
  }
  addConfigure(reader);
}

function line({ id, profile, link, identity, reads }: ReaderStatus): string {
  const since = new Date(link.since).toISOString();
  return `${id}\t${profile}\t${link.state} since ${since}${link.error === null ? '' : ` (${harmless(link.error)})`}\t${harmless(identity ?? '-')}\t${reads} reads\n`;
}

function addConfigure(reader: Command): void {
  gatewayOptions(reader.command('configure <reader>'))
    .description('other settings until the gateway restarts; the configuration file is the truth')
    .option('--region <region>', 'a region of the profile')
    .option('--power <dBm>', 'transmit power', numberFrom(-10, 40))
    .option('--antennas <ports>', 'ports, e.g. 1,2', ports)
    .option('--session <n>', 'Gen2 session', wholeFrom(0, 3))
    .option('--q <n>', 'Gen2 Q', wholeFrom(0, 15))
    .option('--filter <bank:bit:mask>', 'only tags with this in their memory, e.g. epc:32:30', filterOf)
    .action((id: string, flags: SettingFlags) => {
      const { region, power, antennas, session, q, filter } = flags;
      const all = { region, power, antennas, session, q, filter };
      const settings = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Settings;
      return command(flags, id, { command: 'configure', settings });
    });
}

/** The API says what of it is wrong. */
function ports(text: string): number[] {
  return text.split(',').map(Number);
}

function filterOf(text: string): Filter {
  const [bank = '', bit = '', mask = ''] = text.split(':');
  return { bank: bank as Filter['bank'], bit: Number(bit), mask };
}
