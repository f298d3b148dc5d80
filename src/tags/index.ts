export { afiOf, createTagCodec, standardTags, type TagCodec, type TagRules } from './codec.ts';
export { type PrefixTable, prefixTable } from './company-prefix.ts';
export { decodeEpc, digitalLinkOf, identityOf, keyOf, pureIdentityOf } from './decode.ts';
export { type EncodeOptions, encodeEpc } from './encode.ts';
export type { Epc, ParseResult, TagError, TagErrorCode, TagMark, TagResult } from './epc.ts';
export { type GtinResult, parseGtin } from './gtin.ts';
export { type Chip, chips } from './memory/chips.ts';
export { decodeEpcBank, type EpcBank, type EpcBankResult } from './memory/epc-bank.ts';
export { type PackedResult, readPackedObjects } from './memory/packed-objects.ts';
export { writePackedObjects } from './memory/packed-write.ts';
export {
  afiTitle,
  type ExtendedControl,
  type PcOptions,
  type ProtocolControl,
  pcOf,
  readPc,
  readXpc,
} from './memory/protocol-control.ts';
export { decodeTid, type ExtendedTid, type Tid, type TidResult } from './memory/tid.ts';
export { readUserMemory, type UserMemory, type UserMemoryResult } from './memory/user-memory.ts';
export { gtinOf, parseTag } from './parse.ts';
export type { ParseOptions } from './prefix.ts';
export { privateSchemeFaults } from './private-overlap.ts';
export {
  encodePrivate,
  type PrivateFault,
  type PrivateField,
  type PrivateScheme,
  privateIdentities,
  privateSchemeProblem,
} from './private-scheme.ts';
export {
  addRead,
  batchOf,
  beginRow,
  createReadBatch,
  type HexColumn,
  hexAt,
  hexOfWords,
  idTypes,
  pcWord,
  putBytes,
  putHex,
  type ReadBatch,
  readAt,
  readsOf,
  reserve,
  wordDigits,
} from './read-batch.ts';
export { humidityOf, type MoistureCalibration } from './sensors/humidity.ts';
export type { Preselect, SensorChip, SensorResult } from './sensors/sensor.ts';
export { sensorChipOf } from './sensors/table.ts';
export { plainElementString } from './tag.ts';
export type { TagRead } from './tag-read.ts';
export { tokenIdentityOf } from './token.ts';
