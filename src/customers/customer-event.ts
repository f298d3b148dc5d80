/**
 * A person's token was read, and that person agreed to be recognised: `identified` once a visit, `interaction` at
 * each further read point. Holds no name: only the CRM's own reference.
 */
export type CustomerEvent = {
  readonly id: string;
  readonly type: 'customer.identified' | 'customer.interaction';
  /** The CRM's reference for the customer. */
  readonly customer: string;
  /** Epoch ms. */
  readonly at: number;
  readonly readPoint: string;
  readonly location: string;
  readonly reader: string;
};
