import { type Static, Type } from '../../kit/index.ts';
import { Match } from './framing-profile.ts';
import { operations } from './operations.ts';
import { Hex, oneOf, strict } from './vocabulary.ts';

/** One command of a round; the next follows when a frame matches `until`. */
export const Step = Type.Object(
  {
    operation: oneOf(...operations),
    until: Match,
    /** Body of the frame that ends the step, as the simulator sends it. */
    example: Hex,
    /** Where the simulator reports tags: in frames `before` the end, or in the very frame that ends the step. */
    reports: Type.Optional(oneOf('before', 'inside')),
  },
  strict,
);
export type Step = Static<typeof Step>;
