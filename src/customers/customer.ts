/** A person as the CRM told us of: its own reference and whether the person agreed to be recognised. No name, no token. */
export type Customer = {
  readonly customer: string;
  readonly consent: {
    readonly given: boolean;
    readonly textVersion: string | null;
    /** Epoch ms. */
    readonly at: number;
    readonly source: string | null;
  };
};
