export { type Customer, erased } from './customer.ts';
export type { CustomerEvent } from './customer-event.ts';
export { recognise } from './recognise.ts';
