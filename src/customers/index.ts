export type { Customer } from './customer.ts';
export type { CustomerEvent } from './customer-event.ts';
export { type Recognised, recognise } from './recognise.ts';
