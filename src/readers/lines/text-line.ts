import type { Clock } from '../../kit/index.ts';
import {
  createLineDecoder,
  createSplitter,
  type LineProfile,
  type ReaderAnswer,
  type Sink,
} from '../../protocols/index.ts';
import { createHandOn } from '../hand-on.ts';
import { createIntake } from '../intake.ts';
import type { ReaderOptions } from '../options.ts';
import type { StatusTracker } from '../status-tracker.ts';
import type { OnReads, Pressure } from '../types.ts';
import type { Login } from './login.ts';

type Deps = {
  readonly config: ReaderOptions;
  readonly profile: LineProfile;
  readonly clock: Clock;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

type Calls = {
  readonly login: Pick<Login, 'hear' | 'isIn'>;
  /** A line came that can be text. */
  heard(): void;
  /** Asks the link to read nothing more, or to go on. */
  hold(isHeld: boolean): void;
  /** Whether the answer was waited for. */
  answered(answer: ReaderAnswer): boolean;
};

/** Characters that a line of text may hold. */
const LEGIBLE = /^[\t -~]+$/;

/** Cuts what a reader writes into lines, and hands on what its grammar makes of them. */
export function createTextLine(
  { config, profile, clock, onReads, pressure }: Deps,
  tracker: StatusTracker,
  calls: Calls,
) {
  const answered = (answer: ReaderAnswer) => {
    const { ok, routine, error, fields } = answer;
    if (typeof fields['identity'] === 'string') tracker.identify(fields['identity']);
    if (calls.answered(answer) || ok !== false || routine) return;
    const text = String(fields['code'] ?? error);
    tracker.warn('READER_REFUSED', 1);
    tracker.say(`the reader refused: ${text}`);
    tracker.sign({ about: 'complaint', error: error ?? 'internal', text: `it refused a command (${text})` }, null);
  };
  const intake = createIntake(config.id, profile.antennas === 1 ? 1 : null, tracker, answered);
  const decoder = createLineDecoder(profile, intake.context);
  // What a reader says before it lets anybody in is no damaged input; what it reports even then is taken.
  const greeting: Sink = { ...intake.sink, bad: () => undefined };
  const prompts = createPrompts(calls.login.hear);
  let receivedAt = clock.now();
  let heardAt = receivedAt;
  const splitter = createSplitter(profile, {
    line: (text) => {
      // At a wrong speed a line is noise, and noise is no sign of life.
      if (LEGIBLE.test(text)) {
        heardAt = receivedAt;
        calls.heard();
      }
      if (!prompts.isRest(text)) calls.login.hear(text);
      decoder.line(text, receivedAt, calls.login.isIn() ? intake.sink : greeting);
    },
    discarded: (bytes, reason) => intake.sink.bad(reason, bytes, 0),
  });
  let isHeld = false;
  const hold = (held: boolean) => {
    isHeld = held;
    heardAt = clock.now();
    calls.hold(held);
  };
  const handOn = createHandOn(intake, tracker, onReads, hold, pressure);
  return {
    chunk: (bytes: Uint8Array, at: number) => {
      receivedAt = at;
      splitter.push(bytes);
      prompts.held(splitter.held());
      handOn();
    },
    end: () => {
      splitter.end(prompts.isRest(splitter.held()));
      decoder.end(intake.sink);
      handOn();
    },
    /** While the channel is held, nothing can be heard: that is no silence. */
    heardAt: () => (isHeld ? clock.now() : heardAt),
  };
}

/** A prompt may come without an end, and its end later: it is heard once. */
function createPrompts(hear: (text: string) => boolean) {
  let heard: string | null = null;
  return {
    held: (text: string) => {
      if (text === '') return;
      // The blank behind a prompt may come in a chunk of its own.
      if (heard !== null && text.trimEnd() === heard.trimEnd()) {
        heard = text;
        return;
      }
      // Before it is heard: a refused login ends the channel at once, and this text is no line that was cut off.
      heard = text;
      if (!hear(text)) heard = null;
    },
    isRest: (text: string) => {
      const isRest = text === heard;
      heard = null;
      return isRest;
    },
  };
}
