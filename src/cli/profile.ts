import { resolve } from 'node:path';
import type { Command } from 'commander';
import { boundedText, createZone, GatewayError, LARGEST_PAYLOAD, type Zone, zoneProblems } from '../kit/index.ts';
import {
  type Decoded,
  loadProfiles,
  openDecoder,
  type Profile,
  type ProfileDecoder,
  replayCaptures,
} from '../profiles/index.ts';
import { type ReadMap, takesMap } from '../protocols/index.ts';
import { inputLines, lineWriter } from './lines.ts';
import { readMapFrom } from './read-map.ts';
import { shippedProfiles } from './version.ts';

type Flags = { profiles?: string };
type DecodeFlags = Flags & { profile: string; map?: string; timeZone?: string };

/** `silentgate profile list|check|decode`. */
export function addProfileCommands(root: Command): void {
  const profile = root.command('profile').description('firmware profiles: what a reader model speaks, as data');
  profile
    .command('list')
    .option('--profiles <folder>', 'folder of your own profiles')
    .action((flags: Flags) => {
      for (const { id, vendor, models, evidence } of profilesOf(flags).all()) {
        process.stdout.write(`${id.padEnd(22)} ${vendor}: ${models.join(', ')} (${evidence})\n`);
      }
    });
  profile
    .command('check <files...>')
    .description('validates profiles and replays their captures')
    .option('--profiles <folder>', 'folder of your own profiles that these extend')
    .action((files: string[], flags: Flags) => checkFiles(files, flags));
  profile
    .command('decode')
    .description(
      'what a profile makes of bytes: stdin is one chunk per line, hex or the payload itself; with a map that has a header, one payload',
    )
    .requiredOption('--profile <id>', 'e.g. magicrf/m100')
    .option('--profiles <folder>', 'folder of your own profiles')
    .option('--map <file>', 'where a generic reader has its values: its map, as in the configuration')
    .option('--time-zone <zone>', 'whose clocks times without a zone show: an IANA name, e.g. Asia/Taipei')
    .action((flags: DecodeFlags) => decode(profilesOf(flags).get(flags.profile), flags));
}

function profilesOf(flags: Flags) {
  return loadProfiles(foldersOf(flags));
}

function foldersOf({ profiles }: Flags): string[] {
  return profiles === undefined ? [shippedProfiles] : [shippedProfiles, resolve(profiles)];
}

/** The file itself is what is checked; the shipped profiles stand by for what it extends. */
function checkFiles(files: readonly string[], flags: Flags): void {
  for (const file of files) {
    const id = idIn(resolve(file));
    const loaded = loadProfiles([...foldersOf(flags), resolve(file)]).all();
    for (const profile of loaded) if (profile.id === id) report(file, profile);
  }
}

/** What the file calls itself; null when it cannot be read, which loading it will tell better. */
function idIn(file: string): unknown {
  try {
    const data: unknown = JSON.parse(boundedText(file));
    return typeof data === 'object' && data !== null && 'id' in data ? data.id : null;
  } catch {
    return null;
  }
}

function report(file: string, profile: Profile): void {
  const replayed = replayCaptures(profile);
  const wrong = replayed.filter(({ ok }) => !ok);
  for (const { index, meaning, expected, got } of wrong) {
    process.stdout.write(
      `${file}: ${profile.id}: capture ${index} (${meaning}): expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}\n`,
    );
  }
  process.stdout.write(
    `${file}: ${profile.id}: ${replayed.length - wrong.length} of ${replayed.length} captures hold.\n`,
  );
  if (replayed.length === 0)
    process.stdout.write(`${file}: ${profile.id}: a profile without captures is unverified.\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

/** Characters of the longest line that is decoded: the largest payload, as hex too. */
const longestLine = 2 * LARGEST_PAYLOAD;

async function decode(profile: Profile, flags: DecodeFlags): Promise<void> {
  const map = flags.map === undefined ? undefined : readMapFrom(flags.map);
  const decoder = decoderOf(profile, map, flags);
  const out = lineWriter();
  const lines = map?.payload === 'csv' && map.header === true ? allInOne : inputLines;
  for await (const some of lines(longestLine)) {
    for (const line of some) if (tell(decodedLine(decoder, line), out)) await out.flush();
  }
  tell(decoder.end(), out);
  await out.flush();
}

function decoderOf(profile: Profile, map: ReadMap | undefined, { timeZone }: DecodeFlags): ProfileDecoder {
  if (profile.id === '') throw new GatewayError('PROFILE_INVALID', 'The profile has no id.');
  if (map !== undefined && !(profile.kind === 'messages' && takesMap(profile)))
    throw new GatewayError('REQUEST_INVALID', `${profile.id} says itself where its values are: it takes no --map.`);
  return openDecoder(profile, map, timeZone === undefined ? undefined : zoneFrom(timeZone));
}

/** The whole input as one payload, where a line means nothing without the header above it; what is too long is cut off. */
async function* allInOne(longest: number): AsyncGenerator<string[]> {
  const kept: string[] = [];
  let size = 0;
  for await (const lines of inputLines(longest)) {
    for (const line of lines) {
      if (size <= longest) kept.push(line);
      size += line.length + 1;
    }
  }
  yield [kept.join('\n')];
}

/** The zone of the flag. Throws REQUEST_INVALID. */
function zoneFrom(name: string): Zone {
  const [problem] = zoneProblems('', name);
  if (problem === undefined) return createZone(name);
  throw new GatewayError('REQUEST_INVALID', `--time-zone: found ${name}, allowed: ${problem.allowed}`);
}

function decodedLine(decoder: ProfileDecoder, line: string): Decoded[] {
  if (line.trim() === '') return [];
  return line.length > longestLine ? [tooLong(line)] : decoder.push(line);
}

/** Whether it is time to flush. */
function tell(decoded: readonly Decoded[], out: ReturnType<typeof lineWriter>): boolean {
  let full = false;
  for (const told of decoded) full = out.add(JSON.stringify(told));
  return full;
}

/** A line whose end was not kept is told by its beginning, and nothing of it is decoded. */
function tooLong(line: string): Decoded {
  return {
    kind: 'bad',
    reason: 'TOO_LARGE',
    hex: Buffer.from(line.slice(0, 64), 'utf8').toString('hex').toUpperCase(),
    index: 0,
  };
}
