export { type Customer, erased, type KnownPeople } from './customer.ts';
export type { CustomerEvent } from './customer-event.ts';
export { recognise } from './recognise.ts';
