import type { Clock } from '../../../kit/index.ts';
import type { Json } from '../../../protocols/index.ts';
import type { Reply, TagAccess } from '../../commands/access.ts';
import type { ReaderSettings } from '../../commands/command.ts';

/** What is to hold in a mode; powers by port as the configuration names them. */
export type Wanted = ReaderSettings & { readonly antennaPower?: Readonly<Record<string, number>> };

/** What of a reader of messages can be set, and how far. */
export type SettingLimits = {
  readonly power: {
    readonly minDbm: number;
    readonly maxDbm: number;
    readonly stepDbm: number;
    readonly source: string;
  };
  /** Its ports may have powers of their own. */
  readonly antennaPower: boolean;
  /** Which ports it reads by can be set. */
  readonly antennas: boolean;
  /** By the beginning of the EPC; not beside a session. */
  readonly filter: boolean;
};

/** The reader's way of reading: seen, set, and put aside for a while. */
export type Modes = {
  configure(wanted: Wanted): Promise<Reply<null>>;
  /** Sends a mode as it is. */
  set(mode: Json): Promise<Reply<null>>;
  /** Inventory rests and the mode may be changed while `run` runs; both are as before afterwards. */
  exclusively<T>(run: () => Promise<T>): Promise<T>;
  /** The mode that was put aside; an error where the reader could not be brought to rest. */
  aside(): Reply<Json>;
};

/** One question on a command topic. */
export type MqttQuestion = {
  readonly body: Json;
  /** Which of the reader's two command topics takes it. */
  readonly plane: 'control' | 'management';
  /** Whether a refusal says that it is so already. */
  isSoAlready?(answer: Json): boolean;
};

/** Asks the reader one thing and gives the whole answer. */
export type MqttAsk = (question: MqttQuestion) => Promise<Reply<unknown>>;
export type RestAsk = (method: 'GET' | 'POST' | 'PUT', path: string, body?: Json) => Promise<Reply<unknown>>;

/** Tag operations, and who looks out for their results in what the reader reports. */
export type ReportedAccess = { readonly tags: TagAccess; see(payload: Uint8Array): void };

/** What a maker's reader is asked and what its answers mean. Nothing here decides when: control and modes do. */
export type Talk = {
  identify(): Promise<Reply<Readonly<Record<string, string | number>>>>;
  start(): Promise<Reply<unknown>>;
  stop(): Promise<Reply<unknown>>;
  /** Its own word for what it does, and whether that is taking inventory. */
  activity(): Promise<Reply<{ readonly word: string; readonly isActive: boolean }>>;
  mode(): Promise<Reply<Json>>;
  setMode(mode: Json): Promise<Reply<unknown>>;
  /** The mode to send so that all that is wanted holds; `present` is left as it is. */
  modeWith(present: Json, wanted: Wanted): Json;
  /** Whether the reader says that its region allows these powers (dBm); true where it does not say. */
  allows(powers: readonly number[]): Promise<boolean>;
  /** null where no document says how it carries operations out on tags. */
  access(modes: Modes, clock: Clock): ReportedAccess | null;
};

/** Of a reader that has no word for what its region allows, and of which no document says how it carries operations out. */
export const plainTalk: Pick<Talk, 'allows' | 'access'> = { allows: () => Promise.resolve(true), access: () => null };

/** What a maker's reader can be asked for, over its command topics or its REST interface. */
export type MessageCommands = {
  /** How long an answer may take. */
  readonly answerMs: number;
  readonly limits: SettingLimits;
} & (
  | {
      readonly over: 'mqtt';
      /** The key of a message that an answer repeats. */
      readonly id: string;
      talk(ask: MqttAsk): Talk;
    }
  | { readonly over: 'rest'; talk(ask: RestAsk, preset: string): Talk }
);
