import type { ByteProfile, Match } from '../profile/byte-profile.ts';
import type { DecodeContext, ReaderAnswer, Sink } from '../sink.ts';
import type { CompiledFraming } from './framing.ts';
import { bytesOf, hexOf } from './hex.ts';
import { compileLayout, type Layout, type Values } from './layout.ts';

/** Says what one whole frame means. */
export type FrameDecoder = (frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink) => void;

type Matcher = (frame: Uint8Array) => boolean;
type Handler = {
  matches: Matcher;
  handle(frame: Uint8Array, framing: CompiledFraming, receivedAt: number, sink: Sink): void;
};

/** Compiles the profile's errors, reports, answers and other frames into one decoder; the first that matches decides. */
export function compileFrameDecoder(profile: ByteProfile, context: DecodeContext): FrameDecoder {
  const handlers = [
    ...profile.reports.map((report) => reportHandler(report.match, compileLayout(report.fields), context)),
    errorHandler(profile.errors),
    ...answerHandlers(profile),
    ...profile.frames.map(({ match, kind }) => otherHandler(match, kind, profile.opcode)),
  ];
  return (frame, framing, receivedAt, sink) => {
    for (const handler of handlers) if (handler.matches(frame)) return handler.handle(frame, framing, receivedAt, sink);
    sink.bad('UNKNOWN_FRAME', frame, 0);
  };
}

function compileMatch(match: Match): Matcher {
  const bytes = bytesOf(match.is);
  return (frame) => bytes.every((byte, i) => frame[match.at + i] === byte);
}

function reportHandler(match: Match, layout: Layout, context: DecodeContext): Handler {
  return {
    matches: compileMatch(match),
    handle: (frame, framing, receivedAt, sink) => {
      const values: Values = {};
      const problem = layout.read(framing.payload(frame), values);
      if (problem !== null) return sink.bad(problem, frame, 0);
      sink.read({
        reader: context.reader,
        idType: 'epc',
        epc: String(values['epc']),
        pc: textOf(values['pc']),
        tid: textOf(values['tid']),
        antenna: numberOf(values['antenna']) ?? context.antenna,
        rssi: numberOf(values['rssi']),
        count: Math.max(1, numberOf(values['count']) ?? 1),
        at: context.stamp(null, receivedAt),
        receivedAt,
        frequencyKhz: numberOf(values['frequencyKhz']),
        phaseDeg: numberOf(values['phaseDeg']),
        seq: numberOf(values['seq']),
      });
    },
  };
}

function errorHandler(errors: ByteProfile['errors']): Handler {
  // A code that is written out wins over one with a question mark.
  const codes = Object.entries(errors.codes).sort(([a], [b]) => Number(a.includes('?')) - Number(b.includes('?')));
  const rows = codes.map(([code, row]) => ({ pattern: new RegExp(`^${code.replaceAll('?', '.')}$`), row }));
  return {
    matches: compileMatch(errors.match),
    handle: (frame, framing, _at, sink) => {
      const code = hexOf(frame.subarray(errors.codeAt, errors.codeAt + 1));
      const row = rows.find(({ pattern }) => pattern.test(code))?.row;
      const data = hexOf(framing.payload(frame));
      const text = row?.text ?? null;
      sink.answer({
        command: 'error',
        ok: false,
        error: row?.error ?? 'internal',
        routine: row?.count === true,
        fields: { code, text, data },
      });
    },
  };
}

function answerHandlers(profile: ByteProfile): Handler[] {
  return Object.entries(profile.commands).flatMap(([command, { answer }]) => {
    if (answer === undefined) return [];
    const layout = compileLayout(answer.fields ?? []);
    const ok = answer.status === undefined ? null : bytesOf(answer.status.ok)[0];
    const handle: Handler['handle'] = (frame, framing, _at, sink) => {
      const fields: Values = {};
      const problem = layout.read(framing.payload(frame), fields);
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

function otherHandler(match: Match, kind: 'answer' | 'event', opcode: ByteProfile['opcode']): Handler {
  return {
    matches: compileMatch(match),
    handle: (frame, framing, _at, sink) => {
      const code = hexOf(frame.subarray(opcode.at, opcode.at + 1));
      const name = Object.hasOwn(opcode.names, code) ? (opcode.names[code] ?? code) : code;
      const fields = { code, data: hexOf(framing.payload(frame)) };
      const answer: ReaderAnswer = { command: name, ok: null, error: null, routine: false, fields };
      if (kind === 'answer') sink.answer(answer);
      else sink.event({ name, at: null, seq: null, online: null, detail: fields });
    },
  };
}

function textOf(value: number | string | undefined): string | null {
  return value === undefined ? null : String(value);
}

function numberOf(value: number | string | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
