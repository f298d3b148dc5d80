/** Lengths of GS1 company prefixes by the digits they begin with. */
export type PrefixTable = {
  /** Digits of the company prefix that `digits` begin with, 6 to 12; `null` where the table does not know. */
  lengthOf(digits: string): number | null;
  /** How many entries it knows. */
  readonly size: number;
};

function entriesOf(list: unknown): unknown[] {
  if (Array.isArray(list)) return list;
  if (typeof list !== 'object' || list === null) return [];
  if ('GCPPrefixFormatList' in list) return entriesOf(list.GCPPrefixFormatList);
  return 'entry' in list ? entriesOf(list.entry) : [];
}

function isEntry(entry: unknown): entry is { prefix: string; gcpLength: number } {
  if (typeof entry !== 'object' || entry === null || !('prefix' in entry) || !('gcpLength' in entry)) return false;
  return typeof entry.prefix === 'string' && typeof entry.gcpLength === 'number' && /^\d{1,12}$/.test(entry.prefix);
}

/**
 * A table from GS1's list of company-prefix lengths, as parsed JSON: its `GCPPrefixFormatList`, or an array of
 * `{ prefix, gcpLength }`. Entries of length 0 (unknown) are left out. A prefix of 4 or 5 digits counts as 6, because an EPC
 * takes the following digits into it [TDS 7.1]. The longest matching entry wins.
 */
export function prefixTable(list: unknown): PrefixTable {
  const lengths = new Map<string, number>();
  for (const entry of entriesOf(list)) {
    if (!isEntry(entry) || entry.gcpLength < 4 || entry.gcpLength > 12) continue;
    lengths.set(entry.prefix, Math.max(6, entry.gcpLength));
  }
  return {
    size: lengths.size,
    lengthOf(digits) {
      for (let size = Math.min(12, digits.length); size > 0; size--) {
        const length = lengths.get(digits.slice(0, size));
        if (length !== undefined) return length;
      }
      return null;
    },
  };
}
