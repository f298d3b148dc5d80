import type { DecodeContext, Sink } from '../sink.ts';
import type { LinePattern, LineProfile } from '../vocabulary/line-profile.ts';
import { createAlienDecoder } from './alien-xml.ts';
import { compileExpression, type Expression } from './expression.ts';
import type { LineDecoder } from './line-decoder.ts';
import { type Groups, giveGroups } from './tag-line.ts';
import { createTslDecoder } from './tsl.ts';

/** The grammar that the profile names. */
export function createLineDecoder(profile: LineProfile, context: DecodeContext): LineDecoder {
  if (profile.grammar === 'tslAscii2') return createTslDecoder(context);
  const patterns = patternDecoder(profile, context);
  return profile.grammar === 'alien' ? createAlienDecoder(patterns, context) : patterns;
}

function patternDecoder(profile: LineProfile, context: DecodeContext): LineDecoder {
  const patterns = profile.patterns.map((pattern) => ({ ...pattern, matches: compiled(pattern.expression) }));
  const others = profile.others.map((other) => ({ ...other, matches: compiled(other.expression) }));
  return {
    line: (text, receivedAt, sink) => {
      for (const pattern of patterns) {
        const found = pattern.matches.exec(text);
        if (found !== null) return tellRead(found.groups, pattern, text, receivedAt, context, sink);
      }
      for (const { matches, kind, name } of others) {
        const found = matches.exec(text);
        if (found !== null) return tellOther(kind, name, found.groups, sink);
      }
      sink.bad('UNKNOWN_LINE', Buffer.from(text, 'latin1'), 0);
    },
    end: () => undefined,
  };
}

function compiled(expression: string): Expression {
  const made = compileExpression(expression);
  if (made === null) throw new Error(`unchecked expression ${expression}`);
  return made;
}

function tellRead(
  groups: Groups,
  pattern: LinePattern,
  text: string,
  receivedAt: number,
  context: DecodeContext,
  sink: Sink,
): void {
  const problem = giveGroups(groups, pattern, receivedAt, context, sink);
  if (problem !== null) sink.bad(problem, Buffer.from(text, 'latin1'), 0);
}

function tellOther(kind: 'answer' | 'event' | 'ignore', name: string, groups: Groups, sink: Sink): void {
  if (kind === 'ignore') return;
  const fields = { ...groups };
  if (kind === 'answer') sink.answer({ command: name, ok: null, error: null, routine: false, fields });
  else sink.event({ name, at: null, seq: null, online: null, detail: fields });
}
