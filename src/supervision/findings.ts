import type { Finding } from '../readers/index.ts';
import { antennaFindings } from './antenna-findings.ts';
import { dataFindings } from './data-findings.ts';
import { antennaEffectFindings } from './effect-findings.ts';
import type { Facts } from './facts.ts';
import { findingOf, type Row } from './finding.ts';
import { linkFindings, unwellFindings } from './link-findings.ts';
import { remarkFindings } from './remark-findings.ts';
import { readingFindings, silenceFindings } from './silence-findings.ts';

/** The reader's main state: the first row that holds; the last one always does. */
const ladder: readonly Row[] = [...linkFindings, ...silenceFindings, ...unwellFindings, ...readingFindings];
const beside: readonly Row[] = [
  ...unwellFindings,
  ...antennaFindings,
  ...antennaEffectFindings,
  ...dataFindings,
  ...remarkFindings,
];

/** All rows, for the docs and the tests. */
export const findingRows: readonly Row[] = [...new Set([...ladder, ...beside])];

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
    if (finding !== null && finding.code !== found[0]?.code) found.push(finding);
  }
  return found;
}
