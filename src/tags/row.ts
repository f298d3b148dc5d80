import type { BitReader } from './bits/reader.ts';
import type { BitWriter } from './bits/writer.ts';
import type { TagError } from './epc.ts';
import type { CharSet } from './text/charset.ts';

/**
 * What one value may be. `digits` keeps leading zeros, `integer` has none; `reference` has as many digits as the
 * company prefix leaves of `total`; `text` may count the prefix in (`withPrefix`).
 */
export type Domain =
  | { readonly kind: 'prefix' }
  | { readonly kind: 'reference'; readonly total: number }
  | { readonly kind: 'digits'; readonly min: number; readonly max: number; readonly atMost?: string }
  | { readonly kind: 'integer'; readonly max: string }
  | {
      readonly kind: 'text';
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
      readonly withPrefix?: true;
      /** `#` may stand first, but not alone [TDS 6.3.13, ADI]. */
      readonly hashFirst?: true;
    }
  | {
      /** What shares its bits with the company prefix: `sizes` are its digits or characters by partition value. */
      readonly kind: 'second';
      readonly sizes: readonly number[];
      readonly bits: readonly number[];
      /** Exactly that many digits, a number of at most that many, or text. */
      readonly holds: 'digits' | 'number' | CharSet;
    }
  | { readonly kind: 'pattern'; readonly test: RegExp; readonly says: string };

/** One part of an EPC URI between the dots. */
export type Component = { readonly name: string; readonly domain: Domain };

/** How the primary key and its qualifiers are made of the components. */
export type Elements = {
  readonly key: {
    readonly ai: string;
    /** Name under which the key's fixed part (with check digit) appears among the fields. */
    readonly field: string;
    /** What stands before the company prefix: the reference's first digit, a zero, or nothing. */
    readonly lead: 'indicator' | 'zero' | 'none';
    /** Digits of the fixed part with its check digit; `null` where the key has no check digit (GIAI, CPI, GINC). */
    readonly digits: number | null;
    /** Components that follow the fixed part in the same element. */
    readonly suffix: readonly number[];
  };
  readonly others: readonly {
    readonly ai: string;
    readonly component: number;
    /** The component's value that means that the element is absent. */
    readonly omit: string | null;
    /** What the element may hold where it may hold more than the URI's component. */
    readonly domain?: Domain;
  }[];
  /** AIs that may follow the key in the path of a Digital Link, in their order [GS1 Digital Link 4.4]; default: those of `others`. */
  readonly path?: readonly string[];
};

/** A kind of identifier [TDS 6.3]: its URI, its element string, its link. */
export type Identifier = {
  readonly name: string;
  readonly title: string;
  /** How its URIs begin: `urn:epc:id:sgtin:`, for classes `urn:epc:class:lgtin:`. */
  readonly uri: string;
  readonly components: readonly Component[];
  readonly elements: Elements | null;
};

/** One field of a binary layout. It yields `names.length` values, or none (reserved bits). */
export type Field = {
  readonly names: readonly string[];
  /** What each value may be in this layout. */
  readonly domains: readonly Domain[];
  /** Bits as the docs print them: `38`, `40 + 4 … 20 + 24`. */
  readonly bits: string;
  /** The encoding method by its name in the standard. */
  readonly method: string;
  /** Puts its values from index `first` on. */
  read(reader: BitReader, values: string[], first: number): void;
  /** Writes values from index `first`, which fit the domains; a reason when the method cannot hold them all the same. */
  write(writer: BitWriter, values: readonly string[], first: number): TagError | null;
};

/** A binary coding scheme: one row of the table [TDS 14.6]. */
export type Scheme = {
  readonly name: string;
  readonly header: number;
  readonly identifier: Identifier;
  /** Total bits, or `null` where the length varies. */
  readonly bits: number | null;
  /** Bits of the filter value, 0 where there is none. */
  readonly filterBits: number;
  readonly fields: readonly Field[];
  /** Whether the values are the components of the URI, or the values of the elements (`+` schemes). */
  readonly form: 'components' | 'elements';
  /** What `+` and `++` schemes have besides [TDS 14.6.14 on]. */
  readonly plus?: {
    /** Number of fields that make up each element. */
    readonly groups: readonly number[];
    /** Whether a prioritised date stands before the key (DSGTIN). */
    readonly date: boolean;
    /** Whether a host name follows the key (`++`). */
    readonly hostname: boolean;
  };
};
