/** Location kinds of the configuration. */
export const locationKinds = [
  'sales-floor',
  'back-room',
  'receiving',
  'shipping',
  'fitting-room',
  'point-of-sale',
  'exit',
  'checkpoint',
  'laundry',
  'vehicle',
  'outside',
] as const;
export type LocationKind = (typeof locationKinds)[number];

/** Read-point kinds of the configuration. */
export const readPointKinds = [
  'portal',
  'shelf',
  'desk',
  'handheld',
  'fitting-room',
  'point-of-sale',
  'exit',
  'checkpoint',
  'access',
] as const;
export type ReadPointKind = (typeof readPointKinds)[number];

/** A configured place where reading happens, with everything the core needs to know of it. */
export type ReadPoint = {
  readonly id: string;
  /** The location's id. */
  readonly location: string;
  readonly locationKind: LocationKind;
  readonly kind: ReadPointKind;
  /** CBV business step of what happens here, bare word (`receiving`, `retail_selling`), or null. */
  readonly bizStep: string | null;
  /** Reads weaker than this (dBm) are strays; null = no floor. */
  readonly minRssi: number | null;
  /** Silence after which a tag has left, ms; null = the kind's default; Infinity = never by silence. */
  readonly departAfterMs: number | null;
};
