import { createInterface } from 'node:readline';

/** The lines of standard input, one at a time and with back-pressure: a million of them take no more memory than one. */
export async function* inputLines(): AsyncGenerator<string> {
  yield* createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

/** Writes lines in blocks, waiting when the reader of our output is slower than we are. */
export function lineWriter(): { write(line: string): Promise<void>; end(): Promise<void> } {
  let block = '';
  const flush = async () => {
    const text = block;
    block = '';
    if (text !== '' && !process.stdout.write(text))
      await new Promise((resolve) => process.stdout.once('drain', resolve));
  };
  return {
    write: async (line) => {
      block += `${line}\n`;
      if (block.length > 65_536) await flush();
    },
    end: flush,
  };
}
