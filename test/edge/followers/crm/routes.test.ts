import { expect, test } from 'vitest';
import { wantsOf } from '../../../../src/followers/crm/routes.ts';

const types = ['item.sold', 'item.soldier', 'item.moved', 'customer.identified'];

test.each([
  [undefined, types],
  [['*'], types],
  [['item.*'], types.slice(0, 3)],
  [['item.sold'], ['item.sold']],
  [
    ['customer.identified', 'item.moved'],
    ['item.moved', 'customer.identified'],
  ],
  [[], []],
])('a destination whose events are %j gets %j', (events, wanted) => {
  const wants = wantsOf(events === undefined ? {} : { events });
  expect(types.filter(wants)).toEqual(wanted);
});
