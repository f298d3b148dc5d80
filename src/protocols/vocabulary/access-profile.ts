import { type Static, Type } from '../../kit/index.ts';
import { operations } from './operations.ts';
import { Step } from './step-profile.ts';
import { oneOf, strict } from './vocabulary.ts';

const Code = Type.Integer({ minimum: 0, maximum: 255 });
const Operations = Type.Array(oneOf(...operations), { maxItems: 6 });

/** How a reader gets at one tag's memory: how the tag is held, and the family's own codes. */
export const Access = Type.Object(
  {
    /** Codes of the memory banks in masks, for the commands that say one; a bank that is absent cannot be masked. */
    banks: Type.Optional(
      Type.Object({ epc: Type.Optional(Code), tid: Type.Optional(Code), user: Type.Optional(Code) }, strict),
    ),
    /** Asked once for each tag that is to be held, and to let go of it. */
    before: Type.Optional(Operations),
    after: Type.Optional(Operations),
    /** An inventory of the tags that are held so: more than one, and nothing is done. */
    census: Type.Optional(Type.Array(Step, { minItems: 1, maxItems: 4 })),
    /** The reader acts on whichever tag is there: the census must find the one that is meant, and no other. */
    alone: Type.Optional(Type.Boolean()),
    /**
     * Asked before a read that wants a Select of its own, possibly of no bits, in place of the tag's: `mask…` are then that
     * Select's. Only for readers whose answer to a read names the tag, because any other may answer as well.
     */
    preselect: Type.Optional(Operations),
    /** One part of the memory is locked at a time, in these codes. */
    lockParts: Type.Optional(
      Type.Object({ killPassword: Code, accessPassword: Code, epc: Code, tid: Code, user: Code }, strict),
    ),
    lockTypes: Type.Optional(
      Type.Object({ unlock: Code, lock: Code, permanentUnlock: Code, permanentLock: Code }, strict),
    ),
    /** Most words that one command reads or writes. */
    mostWords: Type.Integer({ minimum: 1, maximum: 255 }),
  },
  strict,
);
export type Access = Static<typeof Access>;
