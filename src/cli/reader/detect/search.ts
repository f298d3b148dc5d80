import type { LinkDeps } from '../../../links/index.ts';
import type { Profile } from '../../../profiles/index.ts';

export type DetectFlags = {
  readonly serial?: boolean;
  readonly port?: readonly string[];
  readonly listen: number;
  readonly mqtt?: string;
  readonly topic: string;
  readonly username?: string;
  readonly mdns?: boolean;
  readonly scan?: string;
  readonly yes?: boolean;
  readonly seconds: number;
  readonly profiles?: string;
  readonly json?: boolean;
};

/** What every search is given. */
export type Search = {
  readonly flags: DetectFlags;
  readonly deps: LinkDeps;
  readonly profiles: readonly Profile[];
};

/** What a search found: for people line by line, for the configuration, and for programs. */
export type Report = {
  readonly lines: readonly string[];
  readonly yaml: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** How many readers were found. */
  readonly readers: number;
};
