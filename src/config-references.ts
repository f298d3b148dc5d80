import type { ConfigFile } from './config-schema.ts';
import { destinationProblems } from './followers/index.ts';
import { type Problem, zoneProblems } from './kit/index.ts';
import type { Profiles } from './profiles/index.ts';
import { problemsWith, tagProblems } from './readers/index.ts';
import { parseGtin } from './tags/index.ts';

/** What the schema cannot say: references, ids, readers that do not suit their profiles, rules of tags. `base` is the folder of the file. */
export function referenceProblems(value: ConfigFile, profiles: Profiles, base: string): Problem[] {
  return [...references(value), ...readerProblems(value, profiles), ...tagMistakes(value, base)];
}

/** References between the parts: each must name something that is there, once. */
function references(value: ConfigFile): Problem[] {
  const locations = value.locations.map((location) => location.id);
  const points = value.readPoints.map((point) => point.id);
  return [
    ...zoneProblems('/site/timeZone', value.site.timeZone),
    ...repeated('locations', locations),
    ...repeated('readPoints', points),
    ...repeated(
      'readers',
      value.readers.map((reader) => reader.id),
    ),
    ...repeated(
      'crm',
      (value.crm ?? []).map((destination) => destination.id),
    ),
    ...value.locations.flatMap((l, i) =>
      l.parent === undefined ? [] : named(`/locations/${i}/parent`, l.parent, locations),
    ),
    ...loops(value),
    ...glnProblems(value.site.gln),
    ...(value.crm ?? []).flatMap((destination, i) =>
      destinationProblems(destination).map((problem) => ({ ...problem, pointer: `/crm/${i}${problem.pointer}` })),
    ),
    ...value.readPoints.flatMap((p, i) => named(`/readPoints/${i}/location`, p.location, locations)),
    ...value.readers.flatMap((reader, i) =>
      Object.entries(reader.antennas).flatMap(([port, point]) =>
        named(`/readers/${i}/antennas/${port}`, point, points),
      ),
    ),
  ];
}

function named(pointer: string, found: string, known: readonly string[]): Problem[] {
  return known.includes(found) ? [] : [{ pointer, found, allowed: `one of ${known.join(', ')}` }];
}

function repeated(list: string, ids: readonly string[]): Problem[] {
  return ids.flatMap((id, i) =>
    ids.indexOf(id) < i
      ? [{ pointer: `/${list}/${i}/id`, found: id, allowed: `an id that no other of the ${list} has` }]
      : [],
  );
}

function loops(value: ConfigFile): Problem[] {
  const parents = new Map(value.locations.map((location) => [location.id, location.parent]));
  return value.locations.flatMap((location, i) => {
    const seen = new Set<string>();
    for (let at: string | undefined = location.id; at !== undefined; at = parents.get(at)) {
      if (seen.has(at))
        return [
          { pointer: `/locations/${i}/parent`, found: location.parent, allowed: 'a tree: no location above itself' },
        ];
      seen.add(at);
    }
    return [];
  });
}

/** A GLN has 13 digits, the last of them the check digit of a GTIN-13 [GS1 General Specifications 7.9]. */
function glnProblems(gln: string | undefined): Problem[] {
  const parsed = gln === undefined ? null : parseGtin(gln);
  if (parsed === null || parsed.ok) return [];
  const { code, expected } = parsed.error;
  const allowed = code === 'CHECK_DIGIT' ? `a GLN whose check digit is ${expected}` : 'a GLN that GS1 gave you';
  return [{ pointer: '/site/gln', found: gln, allowed }];
}

function readerProblems(value: ConfigFile, profiles: Profiles): Problem[] {
  return value.readers.flatMap((reader, i) => [
    ...problemsWith(profiles, reader).map((problem) => ({ ...problem, pointer: `/readers/${i}${problem.pointer}` })),
    ...('mqtt' in reader.link && value.mqtt === undefined
      ? [
          {
            pointer: `/readers/${i}/link/mqtt`,
            found: reader.link.mqtt,
            allowed: 'an mqtt section in the file, which names the broker',
          },
        ]
      : []),
  ]);
}

function tagMistakes({ tags }: ConfigFile, base: string): Problem[] {
  return tags === undefined
    ? []
    : tagProblems(tags, base).map((problem) => ({ ...problem, pointer: `/tags${problem.pointer}` }));
}
