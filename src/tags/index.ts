export { type PrefixTable, prefixTable } from './company-prefix.ts';
export { decodeEpc, identityOf, keyOf, pureIdentityOf } from './decode.ts';
export { type EncodeOptions, encodeEpc } from './encode.ts';
export type { Epc, TagError, TagErrorCode, TagMark, TagResult } from './epc.ts';
export { type GtinResult, parseGtin } from './gtin.ts';
export { gtinOf, parseTag } from './parse.ts';
export type { ParseOptions } from './prefix.ts';
export { plainElementString } from './tag.ts';
export type { TagRead } from './tag-read.ts';
