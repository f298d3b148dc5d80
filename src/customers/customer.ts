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

/** Whom a token belongs to whose person was erased: nobody that is known, and nobody who agreed. */
export const erased: Customer = {
  customer: '',
  consent: { given: false, textVersion: null, at: 0, source: null },
};
