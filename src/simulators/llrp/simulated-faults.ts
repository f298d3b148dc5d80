import type { MessageName } from '../../protocols/index.ts';
import type { OpFault } from './simulated-access.ts';

/** What a simulated LLRP reader does wrong, or differently, on purpose. */
export type LlrpFaults = {
  /** So many reports go out in one segment. */
  readonly bundle?: number;
  /** A report goes out in front of every answer, in the same segment. */
  readonly reportFirst?: boolean;
  readonly byteAtATime?: boolean;
  readonly answerAfterMs?: number;
  /** Refuses this request as the standard's M_FieldError. */
  readonly refuse?: MessageName | undefined;
  /** Says that another client is connected. */
  readonly busy?: boolean;
  /** Knows LLRP 1.0.1 only. */
  readonly old?: boolean;
  /** Does not answer this request. */
  readonly mute?: MessageName;
  /** In sessions 2 and 3 a tag keeps still for as long as the ROSpec is there, once it was read. */
  readonly singleTarget?: boolean;
  /** How the operations on tags go wrong, by their number from 0 since this was set. */
  operation?(index: number): OpFault | undefined;
};
