import type { ConfigurationState } from './api/index.ts';
import type { Config } from './config.ts';
import type { FleetChange } from './fleet-change.ts';
import type { Store } from './journal/index.ts';
import type { Clock, Log } from './kit/index.ts';
import type { ReaderStatus } from './readers/index.ts';

/** A running gateway. */
export type Gateway = {
  /** An address that opens in a browser. */
  readonly url: string;
  /** A link that signs one browser in, once, within 15 minutes. */
  signInLink(): string;
  readonly store: Store;
  readers(): readonly ReaderStatus[];
  /** Takes over what may change while the gateway runs: readers, and the certificate of the API. One reload at a time. */
  reload(next: Config): Promise<Reloaded>;
  /** Stops taking reads, lets deliveries in flight end, writes what is in the hand, closes the database: within 5 s. */
  stop(): Promise<void>;
};

/** `certificate`: whether the API has the one of the files now, and why it kept the old one; null where there is no http.tls. */
export type Reloaded = FleetChange & { readonly certificate: { readonly error: string | null } | null };

export type GatewayOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built staff app, or null for none. */
  readonly webRoot: string | null;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the start is to be given up: what was opened is closed, and the start rejects. */
  readonly signal?: AbortSignal;
  /** How the configuration's file differs from what runs; absent where there is no file. */
  readonly configuration?: () => ConfigurationState;
};
