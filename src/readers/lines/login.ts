import { type Clock, type Fault, fault, faultOf, type Timer } from '../../kit/index.ts';
import type { LineProfile } from '../../protocols/index.ts';
import type { Trouble } from '../trouble.ts';

/** Who may come in, as the configuration says; the password's text is asked for at each login. */
export type Credentials = { readonly username: string; password(): string };

/** Lets a session in before its first command. A reader whose profile knows no login lets it in at once. */
export type Login = {
  /** A channel was opened. Resolves with whether commands may be sent; false also when it is lost meanwhile. */
  pass(signal: AbortSignal): Promise<boolean>;
  /** What the reader wrote: a whole line, or the beginning of one. Whether that was a prompt. */
  hear(text: string): boolean;
  /** While this is false, what the reader writes is its greeting. */
  isIn(): boolean;
};

type Deps = {
  readonly profile: LineProfile;
  readonly credentials: Credentials | null;
  /** Readers on a serial line ask for no login: nobody waits there for a first word. */
  readonly waits: boolean;
  readonly clock: Clock;
  write(line: string): Promise<void>;
  /** The reader did not let us in; the session is over. */
  refused(trouble: Trouble): void;
};

/** Silence after which a reader that has said nothing asks for no login. */
const firstWordMs = 3_000;
/** Silence after which a reader that has begun to speak will not finish. */
const nextWordMs = 10_000;

type Stage = 'first word' | 'greeting' | 'user' | 'password' | 'in' | 'out';

/**
 * Answers the prompts of a reader that asks who is there: user name, password, and then the prompt that says that it is
 * ready. Nothing else is sent until then, so that no command is taken for a user name. A prompt that comes again means
 * that the pair was refused.
 */
export function createLogin(deps: Deps): Login {
  const prompts = deps.profile.session.login;
  if (prompts === undefined) {
    return { pass: async () => true, hear: () => false, isIn: () => true };
  }
  const course = createCourse(deps);
  return {
    pass: course.begin,
    hear: (text) => {
      const word = text.trim();
      const prompt = promptNames.find((name) => word.endsWith(prompts[name])) ?? null;
      course.heard(prompt);
      return prompt !== null;
    },
    isIn: () => course.stage() === 'in',
  };
}

const promptNames = ['user', 'password', 'ready'] as const;
type Prompt = (typeof promptNames)[number];

/** How far a login has come, and when it is given up. */
function createCourse({ credentials, waits, clock, write, refused }: Deps) {
  let stage: Stage = 'in';
  let timer: Timer | null = null;
  let settle: (isIn: boolean) => void = () => undefined;

  const end = (isIn: boolean) => {
    timer?.cancel();
    stage = isIn ? 'in' : 'out';
    settle(isIn);
  };
  const fail = (about: 'login' | 'noLogin', why: Fault) => {
    end(false);
    refused({ code: 'READER_REFUSED', about, error: 'badPassword', fault: why });
  };
  const silent = () => {
    // Not every firmware says that it is ready; one that refuses asks again.
    if (stage === 'user') fail('login', fault('LOGIN_UNFINISHED'));
    else end(true);
  };
  const enter = (next: Stage, silenceMs: number) => {
    timer?.cancel();
    stage = next;
    timer = clock.after(silenceMs, silent);
  };
  const answer = (next: 'user' | 'password') => {
    const line = lineOf(credentials, next);
    if (line.fault !== null) return fail(line.about, line.fault);
    enter(next, nextWordMs);
    // A channel that is lost in this moment says so by its own way.
    write(line.text).catch(() => undefined);
  };
  const asked = (prompt: 'user' | 'password') => {
    if (stage === 'password' || stage === prompt) fail('login', fault('LOGIN_REFUSED'));
    else if (stage === 'in') fail('login', fault('LOGIN_IN_WORK'));
    else answer(prompt);
  };
  return {
    stage: () => stage,
    end,
    begin: (signal: AbortSignal) =>
      new Promise<boolean>((resolve) => {
        settle = resolve;
        signal.addEventListener('abort', () => end(false), { once: true });
        if (waits) enter('first word', firstWordMs);
        else end(true);
      }),
    heard: (prompt: Prompt | null) => {
      if (stage === 'out') return;
      if (prompt === 'user' || prompt === 'password') asked(prompt);
      else if (prompt === 'ready' && stage !== 'in') end(true);
      else if (stage === 'first word') enter('greeting', nextWordMs);
    },
  };
}

type LoginLine =
  | { readonly text: string; readonly fault: null }
  | { readonly fault: Fault; readonly about: 'login' | 'noLogin' };

/** The user name or password as one line, or why there is none. */
function lineOf(credentials: Credentials | null, which: 'user' | 'password'): LoginLine {
  if (credentials === null) return { fault: fault('LOGIN_MISSING'), about: 'noLogin' };
  try {
    const text = which === 'user' ? credentials.username : credentials.password();
    const isOneLine = [...text].every((character) => character >= ' ' && character !== '\u007f');
    if (isOneLine) return { text, fault: null };
    return { fault: fault('LOGIN_NOT_ONE_LINE'), about: 'login' };
  } catch (error) {
    return { fault: faultOf(error), about: 'login' };
  }
}
