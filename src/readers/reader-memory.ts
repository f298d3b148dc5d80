import { type Static, Type } from '../kit/index.ts';

const Weighed = Type.Tuple([Type.Number(), Type.Number(), Type.Number({ minimum: 0 })]);

/** What a reader's supervision has learned and should outlive a restart; see `baseline.ts` and `hours.ts` of supervision. */
export const ReaderMemory = Type.Object({
  /** By antenna port, `null` for reports that name none. */
  antennas: Type.Record(Type.String({ pattern: '^([1-9][0-9]{0,2}|null)$' }), Weighed),
  hours: Type.Array(Weighed, { maxItems: 24 }),
});
export type ReaderMemory = Static<typeof ReaderMemory>;
