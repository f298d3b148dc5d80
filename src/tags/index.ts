export { decodeEpc, identityOf, keyOf, pureIdentityOf } from './decode.ts';
export { type EncodeOptions, encodeEpc } from './encode.ts';
export type { Epc, TagError, TagErrorCode, TagMark, TagResult } from './epc.ts';
export { type ParseOptions, parseTag } from './parse.ts';
export type { TagRead } from './tag-read.ts';
