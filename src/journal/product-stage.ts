import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { GatewayError } from '../kit/index.ts';
import { guarded } from './failure.ts';
import { syncToDisk } from './files.ts';
import type { ProductStage } from './store.ts';
import type { Product } from './types.ts';

/** Products of one transaction: some milliseconds, between which the line commits its own. */
const sliceSize = 100;
const blockChars = 64 * 1024;

/** The folder of files that do not outlive the process, made when absent. */
export function scratchFolder(folder: string): string {
  const path = join(folder, 'import');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/**
 * A file of JSON lines that gets its name when it is whole: `staged.jsonl` is a promise to enter all of it. The disk holds the
 * products, not the memory.
 */
export function createProductStage(
  folder: string,
  put: (products: readonly Product[]) => Promise<void>,
  isStopping: () => boolean,
): ProductStage {
  const part = join(scratchFolder(folder), 'staged.part');
  const whole = join(scratchFolder(folder), 'staged.jsonl');
  const file = guarded(() => openSync(part, 'w', 0o600));
  let open = true;
  let block = '';
  const flush = () => {
    guarded(() => writeSync(file, block));
    block = '';
  };
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    add: (product) => {
      block += `${JSON.stringify(product)}\n`;
      if (block.length > blockChars) flush();
    },
    enter: async () => {
      flush();
      close();
      guarded(() => {
        syncToDisk(part);
        renameSync(part, whole);
        syncToDisk(scratchFolder(folder));
      });
      try {
        for (const slice of slices(whole)) {
          await put(slice);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } catch (error) {
        // the caller hears of a full disk; a gateway that is being stopped finishes at its next start
        if (error instanceof GatewayError && !isStopping()) rmSync(whole, { force: true });
        throw error;
      }
      rmSync(whole, { force: true });
    },
    discard: () => {
      close();
      rmSync(part, { force: true });
    },
  };
}

/** Enters what a process that died had promised to enter, and empties the folder. */
export function finishStaged(folder: string, put: (products: readonly Product[]) => void): void {
  const scratch = join(folder, 'import');
  const whole = join(scratch, 'staged.jsonl');
  if (existsSync(whole)) for (const slice of slices(whole)) put(slice);
  rmSync(scratch, { recursive: true, force: true });
}

/** The products of a file of JSON lines, so many at a time; the file is read block by block. */
function* slices(file: string): Generator<Product[]> {
  let slice: Product[] = [];
  for (const line of lines(file)) {
    slice.push(JSON.parse(line) as Product);
    if (slice.length < sliceSize) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

function* lines(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  const block = Buffer.alloc(blockChars);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for (let size = readSync(handle, block); size > 0; size = readSync(handle, block)) {
      const whole = (rest + decoder.write(block.subarray(0, size))).split('\n');
      rest = whole.pop() ?? '';
      yield* whole;
    }
  } finally {
    closeSync(handle);
  }
}
