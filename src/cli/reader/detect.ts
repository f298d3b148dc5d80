import { resolve } from 'node:path';
import type { Command } from 'commander';
import { silentLog, systemClock } from '../../kit/index.ts';
import type { LinkDeps } from '../../links/index.ts';
import { loadProfiles } from '../../profiles/index.ts';
import { harmlessLines } from '../harmless.ts';
import { numberFrom } from '../number.ts';
import { shippedProfiles } from '../version.ts';
import { findLlrp } from './detect/llrp.ts';
import type { DetectFlags, Report, Search } from './detect/search.ts';
import { findSerial } from './detect/serial.ts';
import { findTopics } from './detect/topics.ts';

/** Each way of finding readers: when it is meant, and what it does. Without any flag the serial ports are looked at. */
const searches: readonly { isMeant(flags: DetectFlags): boolean; find(search: Search): Promise<Report> }[] = [
  { isMeant: ({ port, serial }) => port !== undefined || serial === true, find: findSerial },
  { isMeant: ({ mqtt }) => mqtt !== undefined, find: findTopics },
  { isMeant: ({ mdns, scan }) => mdns === true || scan !== undefined, find: findLlrp },
];

/** `silentgate reader detect`: finds readers on serial ports, behind a broker and in a subnet, and says how to configure them. */
export function addDetectCommand(reader: Command): void {
  reader
    .command('detect')
    .description('finds readers and prints the lines for the configuration; changes nothing in any of them')
    .option('--serial', 'all serial ports of this machine (what it does without any of these)')
    .option('--port <path...>', 'these serial ports only')
    .option('--listen <seconds>', 'listen so long at each speed before asking', numberFrom(0, 60), 0.4)
    .option('--mqtt <url>', 'listen at this broker, e.g. mqtt://127.0.0.1:1883')
    .option('--topic <filter>', 'topics to listen to', '#')
    .option('--username <name>', 'of the broker; the password is taken from SILENTGATE_MQTT_PASSWORD')
    .option('--mdns', 'LLRP readers that announce themselves in the local network')
    .option('--scan <subnet>', 'LLRP readers at the addresses of this subnet, e.g. 10.0.0.0/24')
    .option('--yes', 'scan more than 1,022 addresses')
    .option('--seconds <n>', 'how long to listen to a broker or for mDNS', numberFrom(0.1, 3600), 10)
    .option('--profiles <folder>', 'folder of your own profiles')
    .option('--json', 'one JSON object')
    .action(async (flags: DetectFlags) => {
      const meant = searches.filter(({ isMeant }) => isMeant(flags));
      const reports: Report[] = [];
      for (const { find } of meant.length === 0 ? searches.slice(0, 1) : meant)
        reports.push(await find(searchOf(flags)));
      print(reports, flags.json === true);
    });
}

function searchOf(flags: DetectFlags): Search {
  const folders = flags.profiles === undefined ? [shippedProfiles] : [shippedProfiles, resolve(flags.profiles)];
  const deps: LinkDeps = { clock: systemClock, log: silentLog, random: Math.random };
  return { flags, deps, profiles: loadProfiles(folders).all() };
}

/** Exit 0 when a reader was found, 1 when none was. */
function print(reports: readonly Report[], asJson: boolean): void {
  const found = reports.reduce((sum, { readers }) => sum + readers, 0);
  const text = reports.map(({ lines, yaml }) => `${[...lines, ...(yaml === '' ? [] : ['', yaml])].join('\n')}\n`);
  const data: Record<string, unknown> = Object.assign({}, ...reports.map((report) => report.data));
  process.stdout.write(asJson ? `${JSON.stringify(data)}\n` : harmlessLines(text.join('\n')));
  if (found === 0) process.exitCode = 1;
}
