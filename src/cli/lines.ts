/** About how many characters of one line are kept; the rest of it is dropped. Nothing that is read by lines is as long. */
const maxLine = 2 ** 20;

/**
 * The lines of standard input without their ends (LF or CRLF), block by block, with back-pressure: a million of them take no more
 * memory than a thousand.
 */
export async function* inputLines(): AsyncGenerator<string[]> {
  process.stdin.setEncoding('utf8');
  let rest = '';
  for await (const chunk of process.stdin) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = (lines.pop() ?? '').slice(0, maxLine);
    yield lines.map(withoutReturn);
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Ends at once and quietly where the reader of our output wants no more of it, as `head` does. */
function leave(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

/** Gathers lines for standard output; `add` says when it is time to `flush`, which waits for a reader slower than we are. */
export function lineWriter(): { add(line: string): boolean; flush(): Promise<void> } {
  let block = '';
  process.stdout.once('error', leave);
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
