import { loadProfiles, type Profile } from '../../src/profiles/index.ts';
import type { ByteProfile } from '../../src/protocols/vocabulary/byte-profile.ts';
import type { LineProfile } from '../../src/protocols/vocabulary/line-profile.ts';
import { settingProblems as byteProblems } from '../../src/readers/bytes/limits.ts';
import { selectable } from '../../src/readers/bytes/mask.ts';
import { settingProblems as lineProblems } from '../../src/readers/lines/line-rules.ts';

type Wired = ByteProfile | LineProfile;

/** `docs/readers/abilities.md`: what can be asked of each reader on a wire, from its profile. */
export function readerCommandsPage(folder: string): string {
  const wired = loadProfiles([folder])
    .all()
    .filter((profile): profile is Wired => profile.kind === 'bytes' || profile.kind === 'lines');
  const rows = wired.filter(isAsked).map((profile) => {
    const { settings, tags, heldBy, words } =
      profile.kind === 'bytes' ? byteAbilities(profile) : lineAbilities(profile);
    return `| \`${profile.id}\` | ${isIdentified(profile) ? 'yes' : 'no'} | ${list(settings)} | ${list(tags)} | ${list(heldBy)} | ${words} |`;
  });
  const deaf = wired.filter((profile) => !isAsked(profile)).map(({ id }) => `\`${id}\``);
  return `# What each reader on a wire can be asked

<!-- Made by \`npm run docs\` from firmware-profiles; a test compares the two. -->

Readers that are reached over MQTT or HTTP, and those that speak LLRP, say it on their own pages. [Commands](commands.md) tells how to ask and what is answered.
All of these can be started and stopped, and identified where the table says so. A setting that a profile does not list is refused, whether the configuration or a command
asks for it; \`antennas\` is possible wherever the configuration names more than one.

| profile | identified | settings | on tags | a tag is held by | words at a time |
|---|---|---|---|---|---|
${rows.join('\n')}

"alone" means that the reader acts on whichever tag is there: the gateway takes an inventory first, and does nothing unless the tag that is meant is the
only one. These only talk, and can be asked nothing: ${deaf.join(', ')}.
`;
}

const list = (words: readonly string[]) => (words.length === 0 ? '–' : words.join(', '));

function isAsked(profile: Wired): boolean {
  return profile.kind === 'bytes' ? profile.session.style !== 'listen' : profile.session.poll !== undefined;
}

function isIdentified(profile: Wired): boolean {
  return profile.kind === 'bytes' ? profile.commands.identify !== undefined : profile.control?.identify !== undefined;
}

type Abilities = { settings: string[]; tags: string[]; heldBy: readonly string[]; words: number | string };

/** Something that is within the limits of a profile where it has the setting at all. */
function wishesOf(profile: Profile & Wired) {
  const region = profile.kind === 'bytes' ? (Object.keys(profile.regions)[0] ?? 'none') : 'none';
  return {
    region: { region },
    power: { power: profile.power.maxDbm },
    session: { session: 1 },
    q: { q: 4 },
    filter: { filter: { bank: 'epc', bit: 32, mask: '30' } },
  } as const;
}

function settingsOf(profile: Wired): string[] {
  return Object.entries(wishesOf(profile))
    .filter(([, wish]) =>
      profile.kind === 'bytes' ? byteProblems(profile, wish).length === 0 : lineProblems(profile, wish).length === 0,
    )
    .map(([name]) => name);
}

function byteAbilities(profile: ByteProfile): Abilities {
  const { access, commands } = profile;
  const names = { readMemory: 'read', writeMemory: 'write', lock: 'lock', kill: 'kill' } as const;
  const known = Object.entries(names).filter(([name]) => commands[name as keyof typeof names] !== undefined);
  const tags = access === undefined ? [] : known.map(([, word]) => word);
  const heldBy = access?.alone === true ? ['alone'] : selectable(profile).map((by) => by.toUpperCase());
  return { settings: settingsOf(profile), tags, heldBy, words: access?.mostWords ?? '–' };
}

function lineAbilities(profile: LineProfile): Abilities {
  const onTags = profile.control?.onTags;
  const settings = settingsOf(profile);
  if (onTags === undefined) return { settings, tags: [], heldBy: [], words: '–' };
  const more = (['lock', 'kill'] as const).filter((name) => onTags[name] !== undefined);
  return { settings, tags: ['read', 'write', ...more], heldBy: ['EPC', 'TID'], words: onTags.mostWords };
}
