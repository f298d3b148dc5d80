import { brokerFaults } from './broker-faults.ts';
import { causeFaults } from './cause-faults.ts';
import { crmFaults } from './crm-faults.ts';
import { linkFaults } from './link-faults.ts';
import { readerFaults } from './reader-faults.ts';

/** Everything that may be wrong with links, readers and deliveries, as one closed list. `docs/errors.md` mirrors it. */
export const faultTable = { ...linkFaults, ...brokerFaults, ...readerFaults, ...crmFaults, ...causeFaults } as const;

export type FaultCode = keyof typeof faultTable;

/** What is wrong, for programs and translations; `sentenceOf` says it in English. `cause` is why, where that is known. */
export type Fault = {
  readonly code: FaultCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly cause: Fault | null;
};
