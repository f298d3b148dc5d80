/** Business steps of CBV 2.0 that may be written bare. */
export const bizSteps: ReadonlySet<string> = new Set([
  'accepting',
  'arriving',
  'assembling',
  'collecting',
  'commissioning',
  'consigning',
  'creating_class_instance',
  'cycle_counting',
  'decommissioning',
  'departing',
  'destroying',
  'disassembling',
  'dispensing',
  'encoding',
  'entering_exiting',
  'holding',
  'inspecting',
  'installing',
  'killing',
  'loading',
  'other',
  'packing',
  'picking',
  'receiving',
  'removing',
  'repackaging',
  'repairing',
  'replacing',
  'reserving',
  'retail_selling',
  'sampling',
  'sensor_reporting',
  'shipping',
  'staging_outbound',
  'stock_taking',
  'stocking',
  'storing',
  'transporting',
  'unloading',
  'unpacking',
  'void_shipping',
]);

/** Dispositions of CBV 2.0 that may be written bare. */
export const dispositions: ReadonlySet<string> = new Set([
  'active',
  'available',
  'completeness_inferred',
  'completeness_verified',
  'conformant',
  'container_closed',
  'container_open',
  'damaged',
  'destroyed',
  'dispensed',
  'disposed',
  'encoded',
  'expired',
  'in_progress',
  'in_transit',
  'inactive',
  'mismatch_class',
  'mismatch_instance',
  'mismatch_quantity',
  'needs_replacement',
  'no_pedigree_match',
  'non_conformant',
  'non_sellable_other',
  'partially_dispensed',
  'recalled',
  'reserved',
  'retail_sold',
  'returned',
  'sellable_accessible',
  'sellable_not_accessible',
  'stolen',
  'unavailable',
  'unknown',
]);

/** Where our own words live. The schema of EPCIS 2.0 refuses bare words that CBV does not have. */
export const namespace = 'urn:silentgate:ns:';

/** A business step as EPCIS wants it: bare if CBV has it, a URI given by the configuration as it is, ours as a URI. */
export function bizStepUri(word: string): string {
  return bizSteps.has(word) || word.includes(':') ? word : `${namespace}bizstep:${word}`;
}

/** A disposition as EPCIS wants it. */
export function dispositionUri(word: string): string {
  return dispositions.has(word) || word.includes(':') ? word : `${namespace}disposition:${word}`;
}
