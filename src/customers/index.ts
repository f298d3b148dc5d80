export type { CustomerEvent } from './customer-event.ts';
