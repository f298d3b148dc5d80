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

/** All persons at once, as they are on disk. Of a token only its keyed hash is known. */
export type KnownPeople = {
  readonly customers: readonly Customer[];
  readonly tokens: readonly { readonly hash: string; readonly customer: string }[];
  /** Hashes of the tokens of erased persons. */
  readonly erased: readonly string[];
};

/** Whom a token belongs to whose person was erased: nobody that is known, and nobody who agreed. */
export const erased: Customer = {
  customer: '',
  consent: { given: false, textVersion: null, at: 0, source: null },
};
