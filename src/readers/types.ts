import type { LinkMessage, LinkState } from '../links/index.ts';
import type { ReadBatch } from '../tags/index.ts';
import type { ReaderCommand } from './commands/command.ts';
import type { CommandResult } from './commands/result.ts';
import type { ReaderMemory } from './reader-memory.ts';
import type { ReaderStatus } from './status.ts';

/** What a message reader and a simulator need of an MQTT connection. */
export type MessageChannel = {
  /** The message is acknowledged once the handler's promise is fulfilled; a rejection means "not taken": it comes again. */
  subscribe(filter: string, handler: (message: LinkMessage) => Promise<void>): void;
  publish(topic: string, payload: string | Uint8Array, options?: { qos?: 0 | 1; retain?: boolean }): Promise<void>;
  state(): LinkState;
};

/** What became of the reads of a body; the numbers add up to all of them. `without`: no effect, by reason. */
export type PushedEffects = {
  /** They made their tag present. */
  readonly arrived: number;
  /** They found it present already. */
  readonly repeated: number;
  /** They wait for another read of their tag. */
  readonly waiting: number;
  readonly without: Readonly<Record<string, number>>;
};

/** What a pushed body held. Members that had to be left out are told by their place, the first hundred of them. */
export type Pushed = {
  readonly reads: number;
  readonly events: number;
  readonly rejected: readonly { readonly index: number; readonly code: string; readonly reason: string }[];
  readonly rejectedCount: number;
  readonly effects: PushedEffects;
  /** False where nothing in the body was of the form that the profile or map reads. */
  readonly readable: boolean;
};

/** The door of a reader that pushes. */
export type PushDoor = {
  /** Content types that its profile or map can read. */
  readonly accepts: readonly string[];
  /**
   * Takes a body whole: decoded and decided on in the order of the calls, fulfilled when every effect is on disk. Rejects
   * with what `OnReads` rejects with: then nothing happened.
   */
  take(body: Uint8Array): Promise<Pushed>;
  /** Counts a body that was refused for its size, in bytes. */
  refused(size: number, limit: number): void;
};

export type Reader = {
  readonly id: string;
  start(): void;
  /** Stops the reader's inventory where it can, then closes its channel. */
  stop(): Promise<void>;
  status(): ReaderStatus;
  /** There where the reader's link is http. */
  readonly push?: PushDoor;
  /** Counts what became of `by` (default 1) of its reads further down the line: ARRIVED, GLIMPSED, REPEAT, or why they had no effect. */
  count(outcome: string, antenna: number | null, by?: number): void;
  /** Hears, before the first wait, what a read will have become once it is on disk; `count` follows when it is. */
  decided?(outcome: string): void;
  /** Notes a warning that was found further down the line, for its supervision. */
  warned(code: string, by?: number): void;
  /** What its supervision has learned and should outlive a restart. */
  memory(): ReaderMemory;
  /** Asks the reader for something; one command at a time. What came of it is a value, never a rejection. */
  command(command: ReaderCommand): Promise<CommandResult>;
};

/**
 * Takes the reads of one chunk or message. What they mean is decided before the promise is returned, in the order of the
 * calls; it is fulfilled when every effect is on disk, and the batch is filled anew from then on. Null where nothing has to wait
 * for the disk: most messages repeat what is there. A rejection with a GatewayError means that they were not kept.
 */
export type OnReads = (reads: ReadBatch, redelivered: boolean) => Promise<void> | null;

/** Null while there is room for more to write; else resolves when there is. Who has something waiting brings no more until then. */
export type Pressure = () => Promise<void> | null;
