import type { ReadonlySignal } from '@preact/signals';
import { createPulse } from './pulse.ts';
import { type Problem, reach, read } from './request.ts';

export type { Problem } from './request.ts';

export type Result<T> =
  | { readonly ok: true; readonly data: T; readonly at: number }
  | { readonly ok: false; readonly problem: Problem };

type Kept<T> = { readonly data: T; readonly at: number };

/** The one way to the gateway's HTTP API. */
export type Client = {
  /** `path` below /api/v1, with its query. Never throws: a failure is a value. */
  get<T>(path: string, signal?: AbortSignal): Promise<Result<T>>;
  send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Result<T>>;
  /** Last good answer to this GET, so that a page shows old data with its age instead of nothing. */
  cached<T>(path: string): Kept<T> | null;
  /** Drops what was kept: the next user must not see it. */
  forget(): void;
  /** When the gateway last answered a request for data, epoch ms; 0 = never. */
  answeredAt(): number;
  /** True while the gateway does not answer. */
  readonly down: ReadonlySignal<boolean>;
  /** Rises each time the gateway is back, so that pages load again. */
  readonly revision: ReadonlySignal<number>;
  /** Asks at once whether the gateway answers. */
  probe(): Promise<void>;
};

/** `onSignedOut` is called when the API says that the session is over. */
export function createClient(onSignedOut: () => void): Client {
  const answers = createAnswers();
  const pulse = createPulse(async () => {
    const response = await reach('GET', '/health', undefined, undefined);
    return response !== null && (await read(response)).ok;
  });
  const request = async <T>(method: string, path: string, body: unknown, abort?: AbortSignal): Promise<Result<T>> => {
    const response = await reach(method, path, body, abort);
    const result = response === null ? unreachable : await read<T>(response);
    if (abort?.aborted) return unreachable;
    if (!result.ok && result.problem.code === 'UNREACHABLE') pulse.silent();
    else pulse.answered();
    if (!result.ok && result.problem.status === 401 && path !== '/session') onSignedOut();
    return result.ok ? { ...result, at: Date.now() } : result;
  };
  return {
    async get<T>(path: string, abort?: AbortSignal) {
      const result = await request<T>('GET', path, undefined, abort);
      if (result.ok) answers.keep(path, result.data, result.at);
      return result;
    },
    send: (method, path, body) => request(method, path, body),
    cached: answers.cached,
    forget: answers.forget,
    answeredAt: answers.newestAt,
    down: pulse.down,
    revision: pulse.revision,
    probe: pulse.probe,
  };
}

const unreachable = { ok: false, problem: { status: null, code: 'UNREACHABLE' } } as const;
const keptAnswers = 100;

function createAnswers() {
  const answers = new Map<string, Kept<unknown>>();
  let newest = 0;
  return {
    keep(path: string, data: unknown, at: number) {
      newest = at;
      answers.delete(path);
      answers.set(path, { data, at });
      const oldest = answers.keys().next();
      if (answers.size > keptAnswers && !oldest.done) answers.delete(oldest.value);
    },
    cached: <T>(path: string) => (answers.get(path) as Kept<T> | undefined) ?? null,
    forget: () => answers.clear(),
    newestAt: () => newest,
  };
}
