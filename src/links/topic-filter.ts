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
