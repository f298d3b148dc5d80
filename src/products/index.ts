export { createEncodingJudge, type Encoding } from './encoding.ts';
export { createProductFile, type ProductRow } from './file.ts';
export { type FormatName, formatNames, formats } from './formats.ts';
export { ProductMapping, readMapping } from './mapping.ts';
export { type Reason, reasons } from './reasons.ts';
export type { ProductDraft } from './rows.ts';
