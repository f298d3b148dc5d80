import type { DecodeContext, ReaderAnswer, Sink } from '../sink.ts';
import type { ByteProfile, Command } from '../vocabulary/byte-profile.ts';
import type { Match } from '../vocabulary/framing-profile.ts';
import type { CompiledFraming } from './framing.ts';
import { bytesOf, hexOf } from './hex.ts';
import { layOut, readFields, type Values } from './layout.ts';
import { compileMatch, compileMatches, type Matcher } from './match.ts';
import { compileNamedTag, compileReport } from './report.ts';

/** Says what one whole frame means. */
export type FrameDecoder = (frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink) => void;

type TellTag = ReturnType<typeof compileNamedTag>;
type Handler = {
  matches: Matcher;
  handle(frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink): void;
};

/**
 * Compiles all that a profile knows of frames into one decoder; the first that matches decides. `isFiltered`: only tags
 * that pass a filter are to be heard, so that an answer to a command, which may be another tag's, is no read.
 */
export function compileFrameDecoder(
  profile: ByteProfile,
  context: DecodeContext,
  isFiltered: () => boolean = () => false,
): FrameDecoder {
  const { session, opcode } = profile;
  const ends = session.round?.map(({ until }) => until);
  const tellTag = compileNamedTag(profile, context, isFiltered);
  const handlers = [
    routineHandler('heartbeat', compileMatches(session.heartbeat), opcode),
    ...profile.reports.map((report) => {
      const read = compileReport(report, profile, context);
      const handle: Handler['handle'] = (frame, framing, at, sink) => read(frame, framing.payload(frame), at, sink);
      return { matches: compileMatch(report.match), handle };
    }),
    errorHandler(profile),
    ...answerHandlers(profile, tellTag),
    routineHandler('roundEnd', compileMatches(ends), opcode),
    ...profile.frames.map(({ match, kind, name }) => otherHandler(match, kind, name, opcode)),
  ];
  return (frame, framing, receivedAt, sink) => {
    for (const handler of handlers) if (handler.matches(frame)) return handler.handle(frame, framing, receivedAt, sink);
    sink.bad('UNKNOWN_FRAME', frame, 0);
  };
}

/** Signs of life: told, but no news. */
function routineHandler(name: string, matches: Matcher, opcode: ByteProfile['opcode']): Handler {
  return {
    matches,
    handle: (frame, framing, _at, sink) => {
      const detail = { code: opcodeOf(frame, opcode), data: hexOf(framing.payload(frame)) };
      sink.event({ name, at: null, seq: null, online: null, detail, routine: true });
    },
  };
}

function errorHandler({ errors, opcode }: ByteProfile): Handler {
  const rowOf = compileCodes(errors);
  return {
    matches: compileMatch(errors.match),
    handle: (frame, framing, _at, sink) => {
      const { code, row } = rowOf(frame, errors.codeAt, errors.codeBytes ?? 1, framing.payload(frame).length > 0);
      const data = hexOf(framing.payload(frame));
      sink.answer({
        command: errors.byOpcode === true ? nameOf(frame, opcode) : 'error',
        ok: false,
        error: row?.error ?? 'internal',
        routine: row?.count === true,
        fields: { code, text: row?.text ?? null, data },
      });
    },
  };
}

/** The row of the code at a place of a frame; `more`: another byte follows, which may explain it. A code that is written out wins over one with a question mark. */
function compileCodes({ codes, explained = [] }: ByteProfile['errors']) {
  const rows = Object.entries(codes)
    .sort(([a], [b]) => Number(a.includes('?')) - Number(b.includes('?')))
    .map(([code, row]) => ({ pattern: new RegExp(`^${code.replaceAll('?', '.')}$`), row }));
  const find = (code: string) => rows.find(({ pattern }) => pattern.test(code))?.row;
  return (frame: Uint8Array, at: number, bytes: number, more = false) => {
    const code = hexOf(frame.subarray(at, at + bytes));
    const longer = more && explained.includes(code) ? hexOf(frame.subarray(at, at + bytes + 1)) : code;
    const row = find(longer);
    return row === undefined ? { code, row: find(code) } : { code: longer, row };
  };
}

function answerHandlers(profile: ByteProfile, tellTag: TellTag): Handler[] {
  return Object.entries(profile.commands).flatMap(([command, { answer }]) => {
    if (answer === undefined) return [];
    const statusOf = compileStatus(answer.status, profile.errors);
    const layout = layOut(answer.fields ?? []);
    const handle: Handler['handle'] = (frame, framing, receivedAt, sink) => {
      const fields: Values = {};
      const problem = readFields(layout, { bytes: framing.payload(frame), at: 0 }, fields);
      if (problem !== null) return sink.bad(problem, frame, 0);
      tellTag(fields, frame, 0, receivedAt, sink);
      const { ok, error, why } = statusOf(frame);
      const data = hexOf(framing.payload(frame));
      sink.answer({ command, ok, error, routine: false, fields: { ...fields, ...why, data } });
    };
    return [{ matches: compileMatch(answer.match), handle }];
  });
}

type Status = Pick<ReaderAnswer, 'ok' | 'error'> & { readonly why: Readonly<Record<string, string | null>> };

/** Whether a frame says that it was done; where the answer has no status nobody knows. */
function compileStatus(
  status: NonNullable<Command['answer']>['status'],
  errors: ByteProfile['errors'],
): (frame: Uint8Array) => Status {
  if (status === undefined) return () => ({ ok: null, error: null, why: {} });
  const rowOf = compileCodes(errors);
  const [done] = bytesOf(status.ok);
  return (frame) => {
    const at = status.at < 0 ? frame.length + status.at : status.at;
    if (frame[at] === done) return { ok: true, error: null, why: {} };
    const { code, row } = rowOf(frame, at, 1);
    return { ok: false, error: row?.error ?? 'internal', why: { code, text: row?.text ?? null } };
  };
}

function otherHandler(
  match: Match,
  kind: 'answer' | 'event',
  told: string | undefined,
  opcode: ByteProfile['opcode'],
): Handler {
  return {
    matches: compileMatch(match),
    handle: (frame, framing, _at, sink) => {
      const name = told ?? nameOf(frame, opcode);
      const fields = { code: opcodeOf(frame, opcode), data: hexOf(framing.payload(frame)) };
      const answer: ReaderAnswer = { command: name, ok: null, error: null, routine: false, fields };
      if (kind === 'answer') sink.answer(answer);
      else sink.event({ name, at: null, seq: null, online: null, detail: fields });
    },
  };
}

function opcodeOf(frame: Uint8Array, opcode: ByteProfile['opcode']): string {
  return hexOf(frame.subarray(opcode.at, opcode.at + 1));
}

function nameOf(frame: Uint8Array, opcode: ByteProfile['opcode']): string {
  const code = opcodeOf(frame, opcode);
  return Object.hasOwn(opcode.names, code) ? (opcode.names[code] ?? code) : code;
}
