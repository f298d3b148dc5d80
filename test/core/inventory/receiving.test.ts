import { describe, expect, it } from 'vitest';
import { arrived, gtin, world } from './fixtures.ts';

describe('a tag', () => {
  it('that is unknown at a receiving dock is received; without a delivery note there is nothing to flag', () => {
    const w = world();
    expect(w.observe(arrived('dock-in', 0))[0]).toMatchObject({
      type: 'item.arrived',
      input: 'receive',
      bizStep: 'receiving',
    });
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', lifecycleReason: null, bucket: 'on_back' });
  });

  it('that is unknown at a receiving dock is flagged while other pieces of the product are announced and not there yet', () => {
    const w = world();
    const other = `https://id.gs1.org/01/${gtin}/21/announced`;
    w.input('asn', 0, { item: other, location: 'back' });
    expect(w.items.get(other)).toMatchObject({ gtin, lifecycle: 'EXPECTED', bucket: 'expected' });
    w.observe(arrived('dock-in', 1000));
    expect(w.item()).toMatchObject({ lifecycle: 'IN_STOCK', lifecycleReason: 'mismatch_instance', bucket: 'on_back' });
  });
});
