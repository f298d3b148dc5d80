import { type Static, Type } from '../kit/index.ts';

const days = (what: string, otherwise: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500, description: `${what}, in days; otherwise ${otherwise}` }));

/** How long what is on disk is kept. */
export const RetentionOptions = Type.Object(
  {
    events: days('events of items and customers', 396),
    lastSights: days('where a tag was read last, of tags that nobody has read since', 30),
  },
  { additionalProperties: false },
);

/** The times to live in ms. */
export type Retention = { readonly eventsMs: number; readonly lastSightsMs: number };

const dayMs = 86_400_000;

/** What the options say, with the defaults: 13 months and 30 days. */
export function retentionOf(options: Static<typeof RetentionOptions> | undefined): Retention {
  return { eventsMs: (options?.events ?? 396) * dayMs, lastSightsMs: (options?.lastSights ?? 30) * dayMs };
}
