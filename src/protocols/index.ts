export { checkSize } from './bytes/check.ts';
export { compileFrameDecoder } from './bytes/decode.ts';
export { compileEncoder, compileSayings } from './bytes/encode.ts';
export { createFramer, type Framer } from './bytes/framer.ts';
export { type CompiledFraming, compileFraming } from './bytes/framing.ts';
export { bytesOf, hexOf } from './bytes/hex.ts';
export { layOut, readFields, type Values } from './bytes/layout.ts';
export { compileMatch, compileMatches, type Matcher } from './bytes/match.ts';
export { opcodeIn, opcodeOf } from './bytes/opcode.ts';
export { compileTemplate, matchTemplate, templateNames } from './bytes/template.ts';
export { type Form, forms, type TemplateValues } from './bytes/template-values.ts';
export { writeFields } from './bytes/write-layout.ts';
export { type CommandError, commandErrors, commandFault } from './command-error.ts';
export { createLineDecoder } from './lines/decode.ts';
export { compileExpression } from './lines/expression.ts';
export { createSplitter } from './lines/splitter.ts';
export { commandBytes, fillText, lineBytes, namesIn, pastedLine, type TextValues } from './lines/text.ts';
export { type Capabilities, capabilitiesOf, identityOf, namesOf, powerIndex, regions } from './llrp/capabilities.ts';
export { createLlrpDecoder } from './llrp/decode.ts';
export { detailsOf } from './llrp/details.ts';
export type { FieldValues } from './llrp/fields.ts';
export { createLlrpFramer, framingFault } from './llrp/framer.ts';
export { bankBits, bankOf, bitsOf } from './llrp/gen2-bits.ts';
export { type LlrpMessage, type MessageName, messageTypes } from './llrp/message.ts';
export { greetingRefusal } from './llrp/notices.ts';
export { opResults } from './llrp/op-result.ts';
export { createLlrpPaste } from './llrp/paste.ts';
export { type LlrpStatus, neutralOf, statusFault, statusOf } from './llrp/status.ts';
export {
  inner,
  inners,
  listIn,
  type MessageTree,
  numberIn,
  type Parameter,
  readMessage,
  textIn,
  writeMessage,
  writeParameter,
  writeTlv,
} from './llrp/tree.ts';
export { type MemoryBank, memoryBanks } from './memory-bank.ts';
export { compileMessageDecoder } from './messages/decode.ts';
export { holds, type Json, objectsOf, valueAt } from './messages/json.ts';
export type { MessageDecoder } from './messages/message-decoder.ts';
export { readMapOf, takesMap } from './messages/plugins.ts';
export { jsonMembers } from './messages/split.ts';
export { EARLIEST, parseNumber } from './messages/time.ts';
export { hexText, isObject, wordOf } from './messages/values.ts';
export type { Remark, RemarkCode, Sign } from './sign.ts';
export type { AssumedZone, DecodeContext, ReaderAnswer, ReaderEvent, Sink } from './sink.ts';
export { ByteProfile, type Command } from './vocabulary/byte-profile.ts';
export type { Framing } from './vocabulary/framing-profile.ts';
export type { LineControl } from './vocabulary/line-access-profile.ts';
export { LineProfile } from './vocabulary/line-profile.ts';
export { LlrpProfile } from './vocabulary/llrp-profile.ts';
export { MessageProfile, type PluginName } from './vocabulary/message-profile.ts';
export type { Operation } from './vocabulary/operations.ts';
export { ReadMap } from './vocabulary/read-map.ts';
export type { Report } from './vocabulary/report-profile.ts';
export type { Step } from './vocabulary/step-profile.ts';
