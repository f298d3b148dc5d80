/** A topic filter cut into levels, ready to compare; null where `filter` is not a valid one (MQTT 5, 4.7.1). */
export function parseFilter(filter: string): readonly string[] | null {
  const plain = filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
  if (plain.length === 0 || Buffer.byteLength(filter) > 65_535 || plain.includes('\0')) return null;
  const levels = plain.split('/');
  const wrong = (level: string, index: number) =>
    (level.includes('#') && (level !== '#' || index !== levels.length - 1)) || (level.includes('+') && level !== '+');
  return levels.some(wrong) ? null : levels;
}

/** Whether a message on `topic` belongs to the filter. A leading wildcard never takes `$SYS` and its like (4.7.2). */
export function filterFits(levels: readonly string[], topic: string): boolean {
  const parts = topic.split('/');
  if (topic.startsWith('$') && (levels[0] === '+' || levels[0] === '#')) return false;
  for (const [index, level] of levels.entries()) {
    if (level === '#') return true;
    if (index >= parts.length) return false;
    if (level !== '+' && level !== parts[index]) return false;
  }
  return levels.length === parts.length;
}

/** Whether there can be a topic that belongs to both filters; false where one of them is not valid. */
export function filtersOverlap(one: string, other: string): boolean {
  const [a, b] = [parseFilter(one), parseFilter(other)];
  if (a === null || b === null || hidesFrom(a, b) || hidesFrom(b, a)) return false;
  const end = [a.indexOf('#'), b.indexOf('#')].filter((at) => at !== -1);
  // `#` stands for nothing, too: what comes before it decides.
  if (end.length === 0 && a.length !== b.length) return false;
  const compared = Math.min(...end, Math.max(a.length, b.length));
  return Array.from({ length: compared }, (_, i) => [a[i], b[i]]).every(
    ([x, y]) => x !== undefined && y !== undefined && (x === '+' || y === '+' || x === y),
  );
}

/** A leading wildcard takes no topic that begins with $ (4.7.2). */
function hidesFrom([first]: readonly string[], [other]: readonly string[]): boolean {
  return first?.startsWith('$') === true && (other === '+' || other === '#');
}
