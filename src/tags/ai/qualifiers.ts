/**
 * The AIs that may follow a key in the path of a Digital Link, in their order; each list stands for itself [GS1 Digital Link URI
 * Syntax 4.4]. GS1 has 254 and 7040 of a GLN as alternatives; a link with both has one meaning only, so it is read.
 */
const qualifiers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '01': [['22', '10', '21'], ['235']],
  '8006': [['22', '10', '21']],
  '414': [['254', '7040']],
  '417': [['7040']],
  '8004': [['7040']],
  '8010': [['8011']],
  '8017': [['8019']],
  '8018': [['8019']],
};

/** AIs that are no attributes of a link whatever its key is [GS1 Barcode Syntax Dictionary]. */
const noAttributes: ReadonlySet<string> = new Set(
  '03 21 22 235 254 7040 7041 8011 8014 8019 8020 8040 8041 8042 8043 8200'.split(' '),
);

/** The place of the first AI of a path that may not stand there, or -1. `path` begins with the key. */
export function misplacedAt(path: readonly string[]): number {
  const [key = '', ...rest] = path;
  const lists = qualifiers[key] ?? [];
  const misfits = lists.map((list) => {
    let from = 0;
    return rest.findIndex((ai) => {
      const at = list.indexOf(ai, from);
      from = at + 1;
      return at < 0;
    });
  });
  if (rest.length === 0 || misfits.includes(-1)) return -1;
  return 1 + Math.max(0, ...misfits);
}

/** The AIs that may follow this key in a path, for people. */
export function qualifiersOf(key: string): string {
  return (qualifiers[key] ?? []).map((list) => list.join(', ')).join(' or ') || 'no other AI';
}

/** Whether the AI may stand in the query of a link with this key: it is no qualifier, nor another that GS1 leaves out. */
export function isAttribute(key: string, ai: string): boolean {
  return !noAttributes.has(ai) && !(qualifiers[key] ?? []).flat().includes(ai);
}
