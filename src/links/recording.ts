import { createReadStream } from 'node:fs';
import { compile, errnoOf, failure, fault, GatewayError, messageOf, type Static, Type } from '../kit/index.ts';

/** The longest line a recording may have: a message of 16 MiB as hex, and room to spare. */
const maxLineLength = 36 * 1024 * 1024;
const strict = { additionalProperties: false } as const;
const elapsed = Type.Integer({ minimum: 0, description: 'milliseconds since startedAt' });
const hex = Type.String({ pattern: '^(?:[0-9a-f]{2})*$', description: 'bytes in lower-case hex' });

/** First line of a recording: NDJSON, version 1. `link` says what was recorded; `startedAt` is epoch ms. */
const RecordingHeader = Type.Object(
  {
    silentgate: Type.Literal('recording'),
    version: Type.Literal(1),
    link: Type.String(),
    startedAt: Type.Integer({ minimum: 0 }),
  },
  strict,
);
export type RecordingHeader = Static<typeof RecordingHeader>;

const Bytes = Type.Object(
  { t: elapsed, dir: Type.Union([Type.Literal('in'), Type.Literal('out')]), hex },
  { ...strict, description: 'a chunk from (in) or to (out) a byte channel' },
);
const Message = Type.Object(
  {
    t: elapsed,
    topic: Type.String({ minLength: 1, maxLength: 65_535 }),
    payload: hex,
    retained: Type.Boolean(),
    redelivered: Type.Boolean(),
  },
  { ...strict, description: 'a message of a message channel' },
);
const Change = Type.Object(
  {
    t: elapsed,
    event: Type.Union([Type.Literal('opened'), Type.Literal('lost')]),
    error: Type.Optional(Type.String()),
  },
  { ...strict, description: 'the channel was opened or lost' },
);

/** One line of a recording after the header. */
const RecordedEvent = Type.Union([Bytes, Message, Change]);
export type RecordedEvent = Static<typeof RecordedEvent>;

const header = compile(RecordingHeader);
const event = compile(RecordedEvent);

/** What a recording holds: the header, then one event after the other as they are read. */
export type Recording = { readonly header: RecordingHeader; readonly events: AsyncGenerator<RecordedEvent, void> };

/**
 * Opens a recording. Nothing but the line at hand is held in memory. Rejects, and `events` throws, RECORDING_INVALID with
 * `line` (from 1) for a line that is no JSON, not of this format, out of order in time, or longer than 36 MiB; NOT_FOUND
 * where there is no such file.
 */
export async function readRecording(file: string): Promise<Recording> {
  const lines = readLines(file);
  const first = await lines.next();
  const parsed = first.done ? undefined : parse(first.value, 1, file);
  if (!header.fits(parsed)) {
    await lines.return();
    throw invalid(file, 1, 'this is not a recording of Silentgate, version 1');
  }
  return { header: parsed, events: readEvents(lines, file) };
}

async function* readEvents(lines: AsyncGenerator<string, void>, file: string): AsyncGenerator<RecordedEvent, void> {
  let number = 1;
  let newest = 0;
  for await (const line of lines) {
    number += 1;
    const parsed = parse(line, number, file);
    if (!event.fits(parsed)) {
      const [problem] = event.problems(parsed);
      throw invalid(file, number, `${problem?.pointer || 'the line'} is wrong: ${problem?.allowed ?? 'not an event'}`);
    }
    if (parsed.t < newest) throw invalid(file, number, 'its time lies before that of the line above');
    newest = parsed.t;
    yield parsed;
  }
}

function parse(line: string, number: number, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw invalid(file, number, messageOf(error));
  }
}

/** The lines of a file without their ends, a last one without an end too. Unlike `node:readline` it bounds their length. */
async function* readLines(file: string): AsyncGenerator<string, void> {
  let rest = '';
  let number = 1;
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
      const lines = String(chunk).split('\n');
      // Only the new text is searched: a line of 32 MiB comes in 512 parts.
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        yield line;
        number += 1;
      }
      if (rest.length > maxLineLength) throw invalid(file, number, 'it is longer than 36 MiB');
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw failure(fault('RECORDING_UNREADABLE', { file, errno: errnoOf(error) }), { file }, error);
  }
  if (rest !== '') yield rest;
}

function invalid(file: string, line: number, what: string): GatewayError {
  return failure(fault('RECORDING_DAMAGED', { file, line, what }), { file, line });
}
