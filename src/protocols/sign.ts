/** What a reader tells of its own condition, in the words of every family. `port` is an antenna port from 1. */
export type Sign =
  | { readonly about: 'inventory'; readonly is: 'running' | 'armed' | 'stopped' }
  /** What starts its inventory: a general-purpose input, or nothing but us. */
  | { readonly about: 'trigger'; readonly is: 'gpi' | 'none' }
  | { readonly about: 'antenna'; readonly port: number; readonly is: 'on' | 'off' }
  | { readonly about: 'heartbeat' }
  /** `error` is a neutral word such as `antenna` or `temperature`. */
  | { readonly about: 'complaint'; readonly error: string; readonly text: string }
  /** What the gateway saw in what the reader sends, for the finding `code`; `params` are the values of its words. */
  | Remark;

export type Remark = {
  readonly about: 'remark';
  readonly code: RemarkCode;
  readonly params: Readonly<Record<string, string | number>>;
};

export type RemarkCode =
  | 'READER_TOO_LARGE'
  | 'READER_COLUMN_MISSING'
  | 'READER_TIME_UNIT'
  | 'READER_TIME_ZONE'
  | 'READER_NO_TIME_ZONE';
