import type { LocationKind, ReadPoint } from '../presence/index.ts';
import { standardTags, type TagCodec } from '../tags/index.ts';

/** A configured location as inventory needs it. */
export type Location = { readonly id: string; readonly kind: LocationKind };

/** Which unknown tags become stock by being read in a stock-keeping place: any with a GTIN, known products only, none. */
export type AdoptRule = 'all' | 'products' | 'never';

export type InventoryOptions = {
  readonly readPoints: readonly ReadPoint[];
  readonly locations: readonly Location[];
  readonly adopt: AdoptRule;
  /** How tags are understood; absent: by the standard alone. */
  readonly tags?: TagCodec;
  /** Whether a GTIN-14 is a product that was entered; false while none was. */
  isOwn(gtin: string): boolean;
  /** Whether items of a GTIN-14 that a delivery note (ASN) announced have not come yet. Where no note is ever told of: never. */
  isAwaited(gtin: string): boolean;
  /** The stable id of an event's content; the site is the caller's part of it. */
  contentId(parts: readonly (string | number | null)[]): string;
};

/** The options, ready to look up. */
export type Setup = {
  readonly options: InventoryOptions;
  readonly tags: TagCodec;
  readonly readPoints: ReadonlyMap<string, ReadPoint>;
  readonly kinds: ReadonlyMap<string, LocationKind>;
};

/** The options with their read points and locations by id; a location that only a read point names has that one's kind. */
export function setupOf(options: InventoryOptions): Setup {
  const kinds = new Map(options.readPoints.map((readPoint) => [readPoint.location, readPoint.locationKind]));
  for (const location of options.locations) kinds.set(location.id, location.kind);
  const tags = options.tags ?? standardTags;
  return {
    options,
    tags,
    readPoints: new Map(options.readPoints.map((readPoint) => [readPoint.id, readPoint])),
    kinds,
  };
}

/** The kind of a location; null for none and for one that is not configured any more. */
export function kindOf(setup: Setup, location: string | null): LocationKind | null {
  return location === null ? null : (setup.kinds.get(location) ?? null);
}

/** Whether what departs here has left the premises. */
export function isExit(readPoint: ReadPoint | undefined): boolean {
  return readPoint !== undefined && (readPoint.kind === 'exit' || readPoint.locationKind === 'exit');
}

const stockLocations: ReadonlySet<LocationKind> = new Set(['sales-floor', 'back-room', 'receiving', 'fitting-room']);
const stockReadPoints: ReadonlySet<ReadPoint['kind']> = new Set([
  'portal',
  'shelf',
  'desk',
  'handheld',
  'fitting-room',
]);

/** Whether goods are kept here, so that an unknown tag is more than somebody passing. */
export function keepsStock(readPoint: ReadPoint): boolean {
  return stockLocations.has(readPoint.locationKind) && stockReadPoints.has(readPoint.kind);
}

/** Whether a tag that is read here becomes stock by the adopt rule. */
export function isAdopted(setup: Setup, gtin: string | null, readPoint: ReadPoint): boolean {
  const { adopt, isOwn } = setup.options;
  if (adopt === 'never' || gtin === null || !keepsStock(readPoint)) return false;
  return adopt === 'all' || isOwn(gtin);
}
