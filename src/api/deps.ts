import type { DestinationStatus } from '../followers/index.ts';
import type { InputResult, ItemInput } from '../inventory/index.ts';
import type { Store } from '../journal/index.ts';
import type { Clock, Log } from '../kit/index.ts';
import type { BrokerDenial } from '../links/index.ts';
import type { LastSeen, LocationKind, ReadPoint } from '../presence/index.ts';
import type { CommandResult, PushDoor, ReaderCommand, ReaderStatus } from '../readers/index.ts';
import type { TagCodec } from '../tags/index.ts';
import type { ConfigurationState } from './doctor/configuration.ts';
import type { LiveFeed } from './live/feed.ts';
import type { HttpOptions } from './options.ts';

/** A place of the configuration; `parent` is another location's id. */
export type Location = {
  readonly id: string;
  readonly kind: LocationKind;
  readonly name: string;
  readonly parent: string | null;
};

/** Everything the API stands on. */
export type ApiDeps = {
  readonly http: HttpOptions;
  readonly site: { readonly id: string; readonly name: string; readonly gln: string | null };
  readonly locations: readonly Location[];
  readonly readPoints: readonly ReadPoint[];
  readonly store: Store;
  /** How tags are understood here. */
  readonly tags: TagCodec;
  readonly readers: {
    list(): readonly ReaderStatus[];
    get(id: string): ReaderStatus | null;
    /** Asks a reader for something; null where no such reader is configured. */
    command(id: string, command: ReaderCommand): Promise<CommandResult> | null;
    /** Where this reader's pushed reads go in; null where it does not push. */
    push(id: string): PushDoor | null;
  };
  /** Whether all readers were opened after the start; absent: they were. */
  readonly isOpen?: () => boolean;
  readonly destinations: {
    status(): readonly DestinationStatus[];
    enable(id: string): Promise<void>;
    resend(id: string, seqs: readonly number[] | null): Promise<number>;
  };
  /** The MQTT broker that some readers share, by its address; `listens` is the embedded one's own, else null. Absent without MQTT. */
  readonly broker?: {
    readonly address: string;
    readonly listens: string | null;
    /** Whom the embedded one lets in; null for another. */
    readonly access: 'accounts' | 'open' | null;
    readonly readers: readonly string[];
    /** What the embedded one refused. */
    denials(): readonly BrokerDenial[];
  };
  /** How the configuration's file differs from what runs; absent where there is no file. */
  readonly configuration?: () => ConfigurationState;
  /** Applies business inputs through the line, all at once: each has its own result, and the same id has one effect on its item. */
  inputs(inputs: readonly ItemInput[]): Promise<readonly InputResult[]>;
  readonly presence: {
    lastSeen(id: string): LastSeen | null;
    /** Tags present now, by read point id. */
    presentAt(): Readonly<Record<string, number>>;
  };
  readonly live: LiveFeed;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the built staff app, or null to serve none. */
  readonly webRoot: string | null;
  /** Key of this process for the CLI on the same machine; never stored. */
  readonly localKey?: string;
  readonly version: string;
};
