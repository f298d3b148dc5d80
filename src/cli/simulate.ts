import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GatewayError, silentLog, systemClock } from '../kit/index.ts';
import { connectMqtt, type MqttConnection } from '../links/index.ts';
import { loadProfiles } from '../profiles/index.ts';
import {
  type Faults,
  type SimulatedTag,
  type Simulator,
  type SimulatorLink,
  type Spell,
  showsCards,
  startSimulator,
} from '../simulators/index.ts';
import { encodeEpc } from '../tags/index.ts';
import { linkForms, parseLink } from './link-address.ts';
import { numberFrom, wholeFrom } from './number.ts';
import { untilStopped } from './until-stopped.ts';
import { shippedProfiles } from './version.ts';

type Flags = {
  profile: string;
  link: string;
  tag: string[];
  tags: number;
  gtin: string;
  rate: number;
  noise: number;
  hang?: Spell;
  outage?: Spell;
  statusTopic?: string;
  commandTopic?: string;
  responseTopic?: string;
  slow?: number;
  restart?: number;
  skew?: number;
  seconds?: number;
  profiles?: string;
};

/** `silentgate simulate`: a reader that speaks a profile's protocol, until it is interrupted. */
export function addSimulateCommand(root: Command): void {
  root
    .command('simulate')
    .description('a reader that speaks a profile’s protocol over a pty, TCP or MQTT')
    .requiredOption('--profile <id>', 'e.g. magicrf/m100')
    .requiredOption('--link <link>', linkForms)
    .option('--tag <epc...>', 'tags or cards in the field: hex, or hex@antenna@rssi', [])
    .option('--tags <n>', 'so many made-up tags', wholeFrom(0), 0)
    .option('--gtin <gtin>', 'GTIN-14 of the made-up tags', '04710088000118')
    .option('--rate <n>', 'reports per second', numberFrom(0.001), 20)
    .option(
      '--noise <p>',
      'chance per report, 0 to 1, of garbage, a lost byte and a wrong check value each',
      numberFrom(0, 1),
      0,
    )
    .option('--hang <every/for>', 'seconds: says nothing for so long, again and again, e.g. 60/5', spellFrom)
    .option('--outage <every/for>', 'MQTT, seconds: its network is gone; what it kept comes late', spellFrom)
    .option('--slow <ms>', 'answers to commands come so much later', wholeFrom(1))
    .option('--restart <s>', 'begins anew every so many seconds and forgets what it was told', numberFrom(1))
    .option('--skew <s>', 'its clock is so many seconds ahead; below 0 behind', numberFrom(-1e9, 1e9))
    .option('--status-topic <topic>', 'MQTT: births, wills and heartbeats')
    .option('--command-topic <topic>', 'MQTT: where it takes commands')
    .option('--response-topic <topic>', 'MQTT: where it answers them')
    .option('--seconds <n>', 'stop after so many seconds', numberFrom(0))
    .option('--profiles <folder>', 'folder of your own profiles')
    .action(async (flags: Flags) => {
      const { simulator, close } = await open(flags);
      process.stdout.write(`${flags.profile} at ${simulator.address}\n`);
      await untilStopped(flags.seconds);
      await close();
      const { reports, commands } = simulator.counts();
      process.stdout.write(`${reports} reports sent, ${commands} commands understood.\n`);
    });
}

async function open(flags: Flags): Promise<{ simulator: Simulator; close(): Promise<void> }> {
  const folders = flags.profiles === undefined ? [shippedProfiles] : [shippedProfiles, resolve(flags.profiles)];
  const profile = loadProfiles(folders).get(flags.profile);
  const { link, mqtt } = linkOf(flags);
  const chance = flags.noise;
  const simulator = await startSimulator({
    profile,
    link,
    tags: tagsOf(flags, showsCards(profile)),
    rate: flags.rate,
    noise: { garbage: chance, drop: chance, checksum: chance },
    faults: faultsOf(flags),
    clock: systemClock,
    random: Math.random,
  });
  // Only now: a connection that nobody closes would keep a command alive that was refused.
  mqtt?.open();
  return {
    simulator,
    close: async () => {
      await simulator.stop();
      await mqtt?.close();
    },
  };
}

/** `60/5`: every 60 seconds for 5. */
function spellFrom(text: string): Spell {
  const [, every = '', lasting = ''] = /^(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)$/.exec(text) ?? [];
  const spell = { everyMs: Number(every) * 1000, forMs: Number(lasting) * 1000 };
  if (spell.forMs > 0 && spell.everyMs > spell.forMs) return spell;
  throw new GatewayError('REQUEST_INVALID', `${text} does not read as EVERY/FOR in seconds, e.g. 60/5.`);
}

function faultsOf({ hang, outage, slow, restart, skew }: Flags): Faults {
  return {
    ...(hang === undefined ? {} : { hang }),
    ...(outage === undefined ? {} : { outage }),
    ...(slow === undefined ? {} : { answerAfterMs: slow }),
    ...(restart === undefined ? {} : { restartEveryMs: restart * 1000 }),
    ...(skew === undefined ? {} : { clockSkewMs: skew * 1000 }),
  };
}

function linkOf(flags: Flags): { link: SimulatorLink; mqtt: MqttConnection | null } {
  const address = parseLink(flags.link);
  if (address.kind === 'tcp') return { link: { tcp: { host: address.host, port: address.port } }, mqtt: null };
  if (address.kind === 'pty') return { link: { pty: { path: address.path } }, mqtt: null };
  if (address.kind === 'serial') return { link: { serial: { path: address.path } }, mqtt: null };
  const clientId = `silentgate-simulator-${process.pid}`;
  const mqtt = connectMqtt(
    { url: address.url, ...address.login, clientId, keepSession: false },
    { clock: systemClock, log: silentLog, random: Math.random },
  );
  return { link: { mqtt: { channel: mqtt, topic: address.topic, ...topicsOf(flags) } }, mqtt };
}

function topicsOf({ statusTopic, commandTopic, responseTopic }: Flags) {
  return {
    ...(statusTopic === undefined ? {} : { statusTopic }),
    ...(commandTopic === undefined ? {} : { commandTopic }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
  };
}

function tagsOf({ tag, tags, gtin }: Flags, isOfCards: boolean): SimulatedTag[] {
  const given = tag.map((text) => {
    const [epc = '', antenna = '1', rssi = '-55'] = text.split('@');
    if (!(isOfCards ? /^([0-9A-Fa-f]{2})+$/ : /^([0-9A-Fa-f]{4})+$/).test(epc)) {
      const due = isOfCards ? 'UID in hex of whole bytes' : 'EPC in hex of whole 16-bit words';
      throw new GatewayError('TAG_INVALID', `${epc} is no ${due}.`);
    }
    if (!/^[1-9]\d{0,2}$/.test(antenna) || !/^-?\d{1,3}(\.\d+)?$/.test(rssi))
      throw new GatewayError('TAG_INVALID', `${text} does not read as hex@antenna@rssi, e.g. ${epc}@1@-55.`);
    return { epc: epc.toUpperCase(), antenna: Number(antenna), rssi: Number(rssi) };
  });
  const made = Array.from({ length: tags }, (_, i) => ({
    epc: serialised(gtin, i + 1),
    antenna: 1,
    rssi: -50 - (i % 20),
  }));
  return [...given, ...made];
}

function serialised(gtin: string, serial: number): string {
  const encoded = encodeEpc(`(01)${gtin}(21)${serial}`, { scheme: 'sgtin-96', companyPrefixLength: 7 });
  if (!encoded.ok || encoded.epc.hex === null)
    throw new GatewayError('TAG_INVALID', `${gtin} is no GTIN-14 that an SGTIN-96 can carry.`);
  return encoded.epc.hex;
}
