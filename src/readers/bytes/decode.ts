import type { ByteProfile, Match } from '../profile/byte-profile.ts';
import type { DecodeContext, ReaderAnswer, Sink } from '../sink.ts';
import type { CompiledFraming } from './framing.ts';
import { bytesOf, hexOf } from './hex.ts';
import { readFields, type Values } from './layout.ts';
import { compileMatch, compileMatches, type Matcher } from './match.ts';
import { compileReport } from './report.ts';

/** Says what one whole frame means. */
export type FrameDecoder = (frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink) => void;

type Handler = {
  matches: Matcher;
  handle(frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink): void;
};

/** Compiles all that a profile knows of frames into one decoder; the first that matches decides. */
export function compileFrameDecoder(profile: ByteProfile, context: DecodeContext): FrameDecoder {
  const { session, opcode } = profile;
  const ends = session.round?.map(({ until }) => until);
  const handlers = [
    routineHandler('heartbeat', compileMatches(session.heartbeat), opcode),
    ...profile.reports.map((report) => {
      const read = compileReport(report, profile, context);
      const handle: Handler['handle'] = (frame, framing, at, sink) => read(frame, framing.payload(frame), at, sink);
      return { matches: compileMatch(report.match), handle };
    }),
    errorHandler(profile),
    ...answerHandlers(profile),
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
      const code = hexOf(frame.subarray(errors.codeAt, errors.codeAt + (errors.codeBytes ?? 1)));
      const row = rowOf(code);
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

/** A code that is written out wins over one with a question mark. */
function compileCodes({ codes }: ByteProfile['errors']) {
  const rows = Object.entries(codes)
    .sort(([a], [b]) => Number(a.includes('?')) - Number(b.includes('?')))
    .map(([code, row]) => ({ pattern: new RegExp(`^${code.replaceAll('?', '.')}$`), row }));
  return (code: string) => rows.find(({ pattern }) => pattern.test(code))?.row;
}

function answerHandlers(profile: ByteProfile): Handler[] {
  return Object.entries(profile.commands).flatMap(([command, { answer }]) => {
    if (answer === undefined) return [];
    const ok = answer.status === undefined ? null : bytesOf(answer.status.ok)[0];
    const handle: Handler['handle'] = (frame, framing, _at, sink) => {
      const fields: Values = {};
      const problem = readFields(answer.fields ?? [], { bytes: framing.payload(frame), at: 0 }, fields);
      if (problem !== null) return sink.bad(problem, frame, 0);
      const succeeded = answer.status === undefined ? null : frame[answer.status.at] === ok;
      sink.answer({
        command,
        ok: succeeded,
        error: succeeded === false ? 'internal' : null,
        routine: false,
        fields: { ...fields, data: hexOf(framing.payload(frame)) },
      });
    };
    return [{ matches: compileMatch(answer.match), handle }];
  });
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
