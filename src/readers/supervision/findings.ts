import { antennaFindings } from './antenna-findings.ts';
import { dataFindings } from './data-findings.ts';
import type { Facts } from './facts.ts';
import { type Finding, findingOf, type Row } from './finding.ts';
import { linkFindings } from './link-findings.ts';
import { remarkFindings } from './remark-findings.ts';
import { silenceFindings } from './silence-findings.ts';

/** The reader's main state: the first row that holds; the last one always does. */
const ladder: readonly Row[] = [...linkFindings, ...silenceFindings];
const beside: readonly Row[] = [...antennaFindings, ...dataFindings, ...remarkFindings];

/** All rows, for the docs and the tests. */
export const findingRows: readonly Row[] = [...ladder, ...beside];

/** What supervision makes of the facts: the main state first, then whatever else is wrong. */
export function findingsOf(facts: Facts): Finding[] {
  const found: Finding[] = [];
  for (const row of ladder) {
    const main = findingOf(row, facts);
    if (main === null) continue;
    found.push(main);
    break;
  }
  for (const row of beside) {
    const finding = findingOf(row, facts);
    if (finding !== null) found.push(finding);
  }
  return found;
}
