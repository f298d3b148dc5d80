export type { Epc, TagError, TagErrorCode, TagResult } from './epc.ts';
export type { TagRead } from './tag-read.ts';
