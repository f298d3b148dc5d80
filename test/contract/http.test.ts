import { describe, expect, expectTypeOf, it } from 'vitest';
import type { message } from '../../src/api/live/messages.ts';
import type { route } from '../../src/api/route.ts';
import { type Item as ItemAnswer, ItemSchema, itemQuery, stockQuery } from '../../src/contract/index.ts';
import { buckets, type Item, lifecycles } from '../../src/inventory/index.ts';
import { compile, type TSchema, Type } from '../../src/kit/index.ts';

const Row = Type.Object({
  id: Type.String(),
  custody: Type.Union([Type.Object({ party: Type.String() }), Type.Null()]),
});
type Parts = { readonly response: typeof Row };
type Paged = { readonly response: TSchema & { static: { rows: { id: string }[] } } };

/** Whether `route` takes a handler that gives this. */
type Takes<P extends { response: TSchema }, G> =
  Promise<G> extends ReturnType<Parameters<typeof route<P, G>>[0]['handler']> ? true : false;

/** Whether the live feed sends this as the message `reset`, which has no members. */
type Sends<G extends object> = G extends Parameters<typeof message<'reset', G>>[1] ? true : false;

describe('the contract of what HTTP speaks', () => {
  it('holds handlers to their schema: what lacks a member or has one more, however deep, does not compile', () => {
    expectTypeOf<Takes<Parts, { id: string; custody: { party: string } | null }>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<Parts, { id: 'narrower'; custody: null }>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<Parts, { id: string }>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<Parts, { id: number; custody: null }>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<Parts, { id: string; custody: null; more: string }>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<Parts, { id: string; custody: { party: string; more: 1 } | null }>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<Paged, { rows: readonly { readonly id: string }[] }>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<Paged, { rows: readonly { id: string; more: 1 }[] }>>().toEqualTypeOf<false>();
  });

  it('holds live messages to theirs', () => {
    expectTypeOf<Sends<Record<never, never>>>().toEqualTypeOf<true>();
    expectTypeOf<Sends<{ more: string }>>().toEqualTypeOf<false>();
  });

  it('answers items with all that inventory has of them, and with the names of their product', () => {
    expectTypeOf<Exclude<keyof ItemAnswer, 'sku' | 'name'>>().toEqualTypeOf<keyof Item>();
    expectTypeOf<Item>().toExtend<Omit<ItemAnswer, 'sku' | 'name'>>();
    expect(Object.keys(ItemSchema.properties)).toContain('asOf');
  });

  it('asks for buckets and lifecycles in the words of inventory', () => {
    const stock = compile(stockQuery(buckets));
    const items = compile(itemQuery(lifecycles));
    expect(buckets.filter((bucket) => !stock.fits({ bucket }))).toEqual([]);
    expect(lifecycles.filter((lifecycle) => !items.fits({ lifecycle }))).toEqual([]);
    expect(stock.fits({ bucket: 'IN_STOCK' }) || items.fits({ lifecycle: 'on_floor' })).toBe(false);
  });
});
