/** Characters of a line after which the rest of it is dropped, where the caller names no other limit. */
const longestByDefault = 2 ** 20;

/**
 * The lines of standard input without their ends (LF or CRLF), block by block, with back-pressure: a million of them take no more
 * memory than a thousand. A line that comes out longer than `longest` characters has lost its end.
 */
export async function* inputLines(longest = longestByDefault): AsyncGenerator<string[]> {
  process.stdin.setEncoding('utf8');
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const [first = '', ...more] = String(chunk).split('\n');
    if (length <= longest) pieces.push(first);
    length += first.length;
    const rest = more.pop();
    if (rest === undefined) continue;
    yield [pieces.join(''), ...more].map(withoutReturn);
    pieces = [rest];
    length = rest.length;
  }
  const last = pieces.join('');
  if (last !== '') yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** For an error of standard output: ends at once and quietly where its reader wants no more of it, as `head` does. */
export function leave(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

/** Gathers lines for standard output; `add` says when it is time to `flush`, which waits for a reader slower than we are. */
export function lineWriter(): { add(line: string): boolean; flush(): Promise<void> } {
  let block = '';
  return {
    add: (line) => {
      block += `${line}\n`;
      return block.length > 65_536;
    },
    flush: async () => {
      const text = block;
      block = '';
      if (text !== '' && !process.stdout.write(text))
        await new Promise((resolve) => process.stdout.once('drain', resolve));
    },
  };
}
