import type { LocationKind } from '../presence/index.ts';
import type { Item, Lifecycle } from './item.ts';
import { isFloor } from './lifecycle.ts';

/** What an event says in CBV words. A word that CBV does not have is our own; the epcis room spells it as a URI. */
export type CbvWords = {
  readonly action: 'ADD' | 'OBSERVE' | 'DELETE';
  readonly bizStep: string | null;
  readonly disposition: string | null;
};

/** Business step of a plain sighting, by where it was. */
const stepByKind = {
  'sales-floor': 'stocking',
  'back-room': 'storing',
  receiving: 'storing',
  shipping: 'staging_outbound',
  'fitting-room': 'fitting',
  'point-of-sale': 'checkout',
  exit: 'entering_exiting',
  checkpoint: 'arriving',
  laundry: 'laundering',
  vehicle: 'transporting',
  outside: 'other',
} as const satisfies Record<LocationKind, string>;

/** Steps and dispositions that an input has of itself; `null` disposition = that of the lifecycle. */
const byInput: Readonly<Record<string, readonly [bizStep: string, disposition: string | null]>> = {
  encode: ['encoding', 'encoded'],
  commission: ['commissioning', 'active'],
  asn: ['announcing', 'in_transit'],
  asnClose: ['inspecting', 'mismatch_instance'],
  receive: ['receiving', 'in_progress'],
  allocate: ['picking', null],
  release: ['storing', null],
  hold: ['holding', null],
  clear: ['inspecting', 'conformant'],
  ship: ['shipping', 'in_transit'],
  voidShip: ['void_shipping', null],
  sell: ['retail_selling', 'retail_sold'],
  voidSale: ['voiding_sale', null],
  return: ['receiving', 'returned'],
  issue: ['dispensing', 'dispensed'],
  checkin: ['collecting', 'in_progress'],
  serviceOut: ['laundering', 'unavailable'],
  serviceIn: ['inspecting', 'conformant'],
  exitUnpaid: ['entering_exiting', 'stolen'],
  notSeen: ['cycle_counting', null],
  overdue: ['stock_taking', null],
  handover: ['dispensing', null],
  reportLost: ['reporting_lost', null],
  retire: ['decommissioning', 'inactive'],
};

const byLifecycle = {
  UNREGISTERED: 'unknown',
  EXPECTED: 'in_transit',
  ENCODED: 'encoded',
  IN_STOCK: 'sellable_not_accessible',
  ALLOCATED: 'allocated',
  HELD: 'unavailable',
  OUTBOUND: 'in_transit',
  SOLD: 'retail_sold',
  WITH_HOLDER: 'dispensed',
  IN_SERVICE: 'unavailable',
  MISSING: 'missing',
  STOLEN: 'stolen',
  LOST: 'lost',
  RETIRED: 'inactive',
} as const satisfies Record<Lifecycle, string>;

/** Hold reasons: a closed list [item-state-model, row IN_STOCK hold] with the CBV disposition of each. */
export const holdReasons: Readonly<Record<string, string>> = {
  damaged: 'damaged',
  expired: 'expired',
  recalled: 'recalled',
  display: 'non_sellable_other',
  quality: 'non_conformant',
  return_inspection: 'returned',
  cold_chain: 'non_conformant',
};

/** CBV words for a sighting (arrival, move) at a kind of location; `step` is the read point's own business step. */
export function wordsOfSighting(item: Item, kind: LocationKind | null, step: string | null): CbvWords {
  const bizStep = step ?? (kind === null ? null : stepByKind[kind]);
  return { action: 'OBSERVE', bizStep, disposition: dispositionOf(item, kind) };
}

/** CBV words for a departure: through an exit, or by silence (then nobody knows how the thing is). */
export function wordsOfDeparture(item: Item, kind: LocationKind | null): CbvWords {
  if (item.absentReason === 'exit')
    return { action: 'OBSERVE', bizStep: 'entering_exiting', disposition: dispositionOf(item, kind) };
  return { action: 'OBSERVE', bizStep: null, disposition: 'unknown' };
}

/** CBV words for an input of the lifecycle table other than `seen` and `read`. */
export function wordsOfInput(input: string, item: Item, kind: LocationKind | null): CbvWords {
  const words = byInput[input];
  if (words === undefined) return wordsOfSighting(item, kind, null);
  const [bizStep, disposition] = words;
  return { action: actionOf(input), bizStep, disposition: disposition ?? dispositionOf(item, kind) };
}

function actionOf(input: string): CbvWords['action'] {
  if (input === 'commission' || input === 'encode') return 'ADD';
  return input === 'retire' ? 'DELETE' : 'OBSERVE';
}

function dispositionOf(item: Item, kind: LocationKind | null): string {
  if (item.lifecycle === 'IN_STOCK' && kind !== null && isFloor(kind)) return 'sellable_accessible';
  if (item.lifecycle === 'HELD') return holdReasons[item.lifecycleReason ?? ''] ?? 'unavailable';
  return byLifecycle[item.lifecycle];
}
