/** One record of a CSV file with the line it begins on (1 = first of the file), or why it cannot be read. */
export type RawRecord = {
  readonly line: number;
  readonly text: string;
  readonly fault: 'BAD_QUOTES' | 'TOO_LONG' | null;
};

export type RecordSplitter = {
  push(text: string): Generator<RawRecord>;
  end(): Generator<RawRecord>;
};

/** Characters of one record: more than the longest description of a shop system, little enough to be held. */
const longestRecord = 1024 * 1024;

/** `fresh`: at the start of a cell; `shut`: behind a closing quote; `lost`: the rest of the line is passed over. */
type State = 'fresh' | 'plain' | 'quoted' | 'shut' | 'lost';

/** Where the cut stands in the text that is not yet cut. */
type Cut = {
  readonly delimiter: string;
  text: string;
  at: number;
  /** Where the record begins, and on which line. */
  start: number;
  line: number;
  /** Line breaks inside the record, and where its second line begins (-1: it has none yet). */
  breaks: number;
  second: number;
  state: State;
};

/**
 * Cuts CSV into records, however the text is chunked: CR, LF and CRLF end a line, mixed too; line breaks inside a quoted cell
 * belong to it [RFC 4180 2.6]. A quote opens a cell only at its start, so that 5" needs none. Where quotes do not fit, or never
 * close, the first line alone is refused and the cut goes on with the next one. Blank lines are passed over.
 */
export function createRecordSplitter(delimiter: string, longest = longestRecord): RecordSplitter {
  const cut: Cut = { delimiter, text: '', at: 0, start: 0, line: 1, breaks: 0, second: -1, state: 'fresh' };
  return {
    push: function* (more) {
      cut.text += more;
      yield* scan(cut, false);
      while (cut.text.length - cut.start > longest && cut.state !== 'lost') {
        yield refuse(cut, cut.second >= 0 ? 'BAD_QUOTES' : 'TOO_LONG');
        yield* scan(cut, false);
      }
      forget(cut);
    },
    end: function* () {
      yield* scan(cut, true);
      while (cut.state === 'quoted') {
        yield refuse(cut, 'BAD_QUOTES');
        yield* scan(cut, true);
      }
      const last = finish(cut, 0);
      if (last !== null) yield last;
    },
  };
}

function* scan(cut: Cut, final: boolean): Generator<RawRecord> {
  while (cut.at < cut.text.length) {
    const broken = breakAt(cut, final);
    if (broken < 0 || mustWait(cut, final)) return;
    const record = step(cut, broken);
    if (record !== null) yield record;
  }
}

/** The length of the line break at `at`: 0 where there is none, -1 where the next chunk must tell. */
function breakAt({ text, at }: Cut, final: boolean): number {
  const char = text.charCodeAt(at);
  if (char === 10) return 1;
  if (char !== 13) return 0;
  if (at + 1 === text.length && !final) return -1;
  return text.charCodeAt(at + 1) === 10 ? 2 : 1;
}

/** A quote at the end of the chunk: it closes the cell, or is the first of two. */
function mustWait({ text, at, state }: Cut, final: boolean): boolean {
  return state === 'quoted' && !final && at + 1 === text.length && text[at] === '"';
}

function step(cut: Cut, broken: number): RawRecord | null {
  if (cut.state === 'quoted') {
    quoted(cut, broken);
    return null;
  }
  if (broken > 0) return finish(cut, broken);
  const char = cut.text[cut.at] ?? '';
  if (cut.state === 'shut' && char !== cut.delimiter && char.trim() !== '') return refuse(cut, 'BAD_QUOTES');
  if (cut.state !== 'lost') cut.state = stateBehind(cut, char);
  cut.at++;
  return null;
}

function stateBehind({ delimiter, state }: Cut, char: string): State {
  if (char === delimiter) return 'fresh';
  if (char === '"' && state === 'fresh') return 'quoted';
  return char.trim() === '' ? state : 'plain';
}

function quoted(cut: Cut, broken: number): void {
  if (broken > 0) {
    cut.at += broken;
    cut.breaks++;
    if (cut.second < 0) cut.second = cut.at;
  } else if (cut.text[cut.at] !== '"') cut.at++;
  else if (cut.text[cut.at + 1] === '"') cut.at += 2;
  else {
    cut.state = 'shut';
    cut.at++;
  }
}

function begin(cut: Cut, position: number, lines: number): void {
  cut.at = position;
  cut.start = position;
  cut.line += lines;
  cut.breaks = 0;
  cut.second = -1;
  cut.state = 'fresh';
}

/** Refuses the record's first line: what follows is read anew from the second, or from the next line break on. */
function refuse(cut: Cut, fault: 'BAD_QUOTES' | 'TOO_LONG'): RawRecord {
  const refused = { line: cut.line, text: cut.text.slice(cut.start, cut.start + 80), fault };
  if (cut.second >= 0) begin(cut, cut.second, 1);
  else cut.state = 'lost';
  return refused;
}

function finish(cut: Cut, broken: number): RawRecord | null {
  const { line } = cut;
  const text = cut.state === 'lost' ? '' : cut.text.slice(cut.start, cut.at);
  begin(cut, cut.at + broken, cut.breaks + 1);
  return text.trim() === '' ? null : { line, text, fault: null };
}

/** Lets go of the text that is cut, and of what is passed over. */
function forget(cut: Cut): void {
  const done = cut.state === 'lost' ? cut.at : cut.start;
  cut.text = cut.text.slice(done);
  cut.at -= done;
  cut.start = 0;
  if (cut.second >= 0) cut.second -= done;
}
