import { type CST, Lexer, Parser } from 'yaml';

/** What a YAML file of ours may hold; the largest configuration of a chain stays far below. */
const most = {
  characters: 1024 * 1024,
  depth: 64,
  entries: 1_000,
  tokens: 100_000,
  scalar: 64 * 1024,
  anchors: 50,
  digits: 400,
} as const;

type Excess = { readonly line: number; readonly message: string };

/**
 * Where a YAML text goes beyond what is read at all, or null. The parser of the yaml package calls itself for each level, compares
 * every key of a map with every other, and unfolds aliases: a few kB of brackets end the process, and no error can be caught. This
 * walks through the text token by token, with no stack, and stops at the first excess.
 */
export function yamlExcess(text: string): Excess | null {
  if (text.length > most.characters) return { line: 1, message: 'the file is larger than 1 MiB' };
  const nul = text.indexOf('\0');
  if (nul >= 0) return { line: lineAt(text, nul), message: 'a NUL character stands here' };
  const parser = new Parser();
  const counts = { tokens: 0, anchors: 0, aliases: 0 };
  for (const lexeme of new Lexer().lex(text)) {
    const message = lexemeExcess(lexeme, counts) ?? stackExcess(parser, lexeme);
    if (message !== null) return { line: lineAt(text, parser.offset), message };
  }
  return null;
}

function lexemeExcess(lexeme: string, counts: { tokens: number; anchors: number; aliases: number }): string | null {
  counts.tokens += 1;
  if (counts.tokens > most.tokens) return `more than ${most.tokens} words and signs`;
  if (lexeme.length > most.scalar) return `a text of more than ${most.scalar} characters`;
  if (lexeme.startsWith('&')) counts.anchors += 1;
  if (lexeme.startsWith('*')) counts.aliases += 1;
  if (counts.anchors > most.anchors || counts.aliases > most.anchors)
    return `more than ${most.anchors} anchors or aliases`;
  if (lexeme.length > most.digits && /^[-+]?(?:0[xo])?[\d.]/.test(lexeme) && !/[^-+.\w]/.test(lexeme)) {
    return `a number of more than ${most.digits} digits; in quotes it is a text`;
  }
  return null;
}

/** Gives one token to the parser, which keeps what is open on a stack of its own. */
function stackExcess(parser: Parser, lexeme: string): string | null {
  for (const _done of parser.next(lexeme));
  if (parser.stack.length > most.depth) return `nested more than ${most.depth} levels deep`;
  const top: CST.Token | undefined = parser.stack.at(-1);
  const isMap = top?.type === 'block-map' || top?.type === 'flow-collection';
  return isMap && top.items.length > most.entries
    ? `more than ${most.entries} entries of one map or list in brackets`
    : null;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
