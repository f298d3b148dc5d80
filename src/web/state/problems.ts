import type { Item } from '../../contract/index.ts';
import type { Wording } from '../words/index.ts';

export type ItemProblem = { readonly severity: 'bad' | 'warn' | 'info'; readonly text: string };

type Row = {
  readonly when: (item: Item) => boolean;
  readonly severity: 'bad' | 'warn' | 'info';
  readonly say: (item: Item, words: Wording) => string;
};

/** What is wrong with an item, in the words of staff; one row per thing, worst first. */
const rows: readonly Row[] = [
  { when: (item) => item.lifecycle === 'STOLEN', severity: 'bad', say: (_, { t }) => t('problemStolen') },
  { when: (item) => item.lifecycle === 'RETIRED', severity: 'bad', say: (_, { t }) => t('problemRetired') },
  { when: (item) => item.condition === 'alert', severity: 'bad', say: (_, { t }) => t('problemAlert') },
  { when: (item) => item.lifecycle === 'MISSING', severity: 'bad', say: (_, { t }) => t('problemMissing') },
  { when: (item) => item.lifecycle === 'LOST', severity: 'warn', say: (_, { t }) => t('problemLost') },
  { when: (item) => item.lifecycle === 'HELD', severity: 'warn', say: held },
  { when: (item) => item.lifecycle === 'UNREGISTERED', severity: 'warn', say: (_, { t }) => t('problemUnregistered') },
  {
    when: (item) => item.lifecycle === 'EXPECTED' && item.lastSeenAt !== null,
    severity: 'warn',
    say: (_, { t }) => t('problemExpectedSeen'),
  },
  {
    when: (item) => item.lifecycleReason === 'mismatch_instance',
    severity: 'info',
    say: (_, { t }) => t('problemMismatch'),
  },
  {
    when: (item) => item.lifecycle === 'IN_STOCK' && item.absentReason === 'timeout',
    severity: 'warn',
    say: (_, { t }) => t('problemAbsent'),
  },
  { when: (item) => item.tag === 'killed', severity: 'warn', say: (_, { t }) => t('problemKilled') },
];

/** The problems of an item in plain words; empty when all is well. */
export function problemsOf(item: Item, words: Wording): readonly ItemProblem[] {
  return rows.filter((row) => row.when(item)).map((row) => ({ severity: row.severity, text: row.say(item, words) }));
}

const handedOver: readonly string[] = ['SOLD', 'OUTBOUND', 'WITH_HOLDER'];

/** The presence to show: that no reader sees what was sold or sent out is as it should be, and no warning. */
export function presenceOf({ presence, lifecycle }: Pick<Item, 'presence' | 'lifecycle'>): string {
  return presence === 'ABSENT' && handedOver.includes(lifecycle) ? 'left' : presence;
}

function held(item: Item, { t, word }: Wording): string {
  const { lifecycleReason: reason } = item;
  return t('problemHeld', { reason: reason === null ? t('reasonUnknown') : (word('reason', reason) ?? reason) });
}
