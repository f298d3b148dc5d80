import { type HexColumn, idTypes, putHex, wordDigits } from '../tags/index.ts';
import { LONG } from './record.ts';
import { type Content, contentHash, findContent, identityOf, newAlias, type TagTable } from './tag-table.ts';

/**
 * What a tag from disk held, of which `hex` and its identity are kept. `isOdd`: no content of these digits has that identity,
 * as the codec decodes today.
 */
export function contentNamed(table: TagTable, hex: string, id: string): { content: Content; isOdd: boolean } {
  for (let type = 0; type < idTypes.length; type++) {
    const content = contentFrom(hex, type);
    if (identityOf(table, content.more, hex) === id) return { content, isOdd: false };
  }
  return { content: contentFrom(hex, 0), isOdd: true };
}

/** The record of the spelling `hex` of a tag; the tag itself where it has no such spelling. */
export function keyNamed(table: TagTable, tag: number, hex: string, id: string): number {
  const { content, isOdd } = contentNamed(table, hex, id);
  if (isOdd) return tag;
  return findContent(table, contentHash(table, content), content) || newAlias(table, tag, content);
}

function contentFrom(hex: string, type: number): Content {
  const column: HexColumn = { digits: new Uint8Array(1), words: new Uint32Array(3), long: [] };
  putHex(column, 0, hex);
  const more = hex.length | (type << 8);
  return {
    w0: (column.words[0] ?? 0) | 0,
    w1: (column.words[1] ?? 0) | 0,
    w2: (column.words[2] ?? 0) | 0,
    more: hex.length > wordDigits ? more | LONG : more,
    long: column.long[0] ?? null,
  };
}
