import { createWriteStream } from 'node:fs';
import { type Clock, GatewayError, messageOf, sentenceOf } from '../kit/index.ts';
import type { ByteLinkEvents, LinkMessage } from './link.ts';
import type { RecordedEvent, RecordingHeader } from './recording.ts';

/** Writes what a link says into a file. What cannot be written is counted and left out; the link itself is never held up. */
export type Recorder = {
  /** The same events, recorded on their way. */
  wrap(events: ByteLinkEvents): ByteLinkEvents;
  /** Records bytes that were sent to the device. */
  sent(bytes: Uint8Array): void;
  message(message: LinkMessage): void;
  counts(): { readonly recorded: number; readonly dropped: number };
  /** Resolves when the file is complete; rejects with STORE_UNAVAILABLE when it could not be written. */
  close(): Promise<void>;
};

export type RecorderOptions = {
  /** What is recorded, for the reader of the file, such as `serial:/dev/ttyUSB0`. */
  readonly link: string;
  readonly clock: Clock;
  /** Events that would make the file longer are dropped. Default 1 GiB. */
  readonly maxBytes?: number;
};

/** What may wait in memory for a slow disk. */
const maxBuffered = 16 * 1024 * 1024;

/** Starts a recording in a new file that only its owner may read: it can hold tags of people. Rejects with CONFLICT where
 * the file exists, with STORE_UNAVAILABLE where it cannot be made. */
export async function openRecorder(file: string, options: RecorderOptions): Promise<Recorder> {
  const { clock, link, maxBytes = 1 << 30 } = options;
  const startedAt = clock.now();
  const out = await createFile(file);
  const counts = { recorded: 0, dropped: 0 };
  let length = 0;
  let newest = 0;
  let failure: Error | null = null;
  out.on('error', (error) => {
    failure = error;
  });
  const writeLine = (line: RecordingHeader | RecordedEvent) => {
    const text = `${JSON.stringify(line)}\n`;
    const fits = failure === null && length + text.length <= maxBytes && out.writableLength <= maxBuffered;
    if (!fits) {
      counts.dropped += 1;
      return;
    }
    length += text.length;
    counts.recorded += 1;
    out.write(text);
  };
  // A wall clock that is set back must not make the file unreadable.
  const t = (at: number) => {
    newest = Math.max(newest, at - startedAt);
    return newest;
  };
  writeLine({ silentgate: 'recording', version: 1, link, startedAt });
  counts.recorded = 0;
  return {
    ...recording(writeLine, t, clock),
    counts: () => ({ ...counts }),
    close: () =>
      new Promise((resolve, reject) => {
        out.end(() => (failure === null ? resolve() : reject(unwritable(file, failure))));
      }),
  };
}

type Taking = Pick<Recorder, 'wrap' | 'sent' | 'message'>;

function recording(write: (event: RecordedEvent) => void, t: (at: number) => number, clock: Clock): Taking {
  return {
    wrap: (events) => ({
      opened: () => {
        write({ t: t(clock.now()), event: 'opened' });
        events.opened();
      },
      chunk: (bytes, at) => {
        write({ t: t(at), dir: 'in', hex: hexOf(bytes) });
        events.chunk(bytes, at);
      },
      lost: (fault) => {
        write({ t: t(clock.now()), event: 'lost', error: sentenceOf(fault) });
        events.lost(fault);
      },
    }),
    sent: (bytes) => write({ t: t(clock.now()), dir: 'out', hex: hexOf(bytes) }),
    message: ({ topic, payload, retained, redelivered, at }) =>
      write({ t: t(at), topic, payload: hexOf(payload), retained, redelivered }),
  };
}

function createFile(file: string): Promise<ReturnType<typeof createWriteStream>> {
  return new Promise((resolve, reject) => {
    const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    const refuse = (error: NodeJS.ErrnoException) => {
      const exists = new GatewayError('CONFLICT', `${file} exists already: give another name.`, { file }, error);
      reject(error.code === 'EEXIST' ? exists : unwritable(file, error));
    };
    out.once('error', refuse);
    out.once('open', () => {
      out.off('error', refuse);
      resolve(out);
    });
  });
}

function unwritable(file: string, error: Error): GatewayError {
  return new GatewayError('STORE_UNAVAILABLE', `${file} cannot be written: ${messageOf(error)}`, { file }, error);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
