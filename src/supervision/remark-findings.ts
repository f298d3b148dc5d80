import type { RemarkCode } from '../protocols/index.ts';
import type { Facts } from './facts.ts';
import type { Row } from './finding.ts';

const HOUR = 3_600_000;

/** What the gateway saw in what a reader sends, and had to decide for it: said as long as it was seen within the hour. */
export const remarkFindings: readonly Row[] = [
  {
    code: 'READER_TOO_LARGE',
    state: 'warn',
    holds: remarked('READER_TOO_LARGE'),
    text: 'A message of reader {reader} had {size} bytes, more than the {limit} that are taken: nothing of it was read.',
    next: 'Let the reader send smaller messages, more often.',
  },
  {
    code: 'READER_COLUMN_MISSING',
    state: 'warn',
    holds: remarked('READER_COLUMN_MISSING'),
    text: 'What reader {reader} sends has no column {missing}; its columns are {there}.',
    next: 'Name the columns in the reader’s map as its header does.',
  },
  {
    code: 'READER_TIME_UNIT',
    state: 'warn',
    holds: remarked('READER_TIME_UNIT'),
    text: 'The times of reader {reader} come in {found} where {due} is due; they are taken as {found}.',
    next: 'Let the reader send {due}, or give its map format: {format}.',
  },
  {
    code: 'READER_TIME_ZONE',
    state: 'ok',
    holds: remarked('READER_TIME_ZONE'),
    text: 'Reader {reader} sends times without a zone; they are taken as {zone}, the zone of the site.',
    next: 'If its clock shows another zone, set timeZone of the reader.',
  },
  {
    code: 'READER_NO_TIME_ZONE',
    state: 'warn',
    holds: remarked('READER_NO_TIME_ZONE'),
    text: 'Reader {reader} sends times without a zone, and no zone is configured: its reads have the time of receipt.',
    next: 'Set site.timeZone, or timeZone of the reader.',
  },
];

function remarked(code: RemarkCode): Row['holds'] {
  return ({ condition, now }: Facts) => {
    const remark = condition.remarks.get(code);
    return remark === undefined || now - remark.at > HOUR ? null : remark.params;
  };
}
