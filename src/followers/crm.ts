import type { Follower } from './follower.ts';

/** Deliveries to the CRM and other destinations; each destination has a cursor of its own. */
export const crm: Follower = {
  name: 'crm',
  open: ({ forwarder }) => forwarder.follow(),
};
