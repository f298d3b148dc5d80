/** Why a request failed: no answer at all, or the API's problem document [RFC 9457]. */
export type Problem = { readonly status: number | null; readonly code: string };

type Read<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly problem: Problem };

const base = '/api/v1';
const timeoutMs = 15_000;
const gone = new Set([502, 503, 504]);

/** Sends one request to a path below /api/v1; null when no answer came in time or at all. */
export async function reach(
  method: string,
  path: string,
  body: unknown,
  abort: AbortSignal | undefined,
): Promise<Response | null> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(base + path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: abort === undefined ? limit : anyOf(abort, limit),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch {
    return null;
  }
}

/** The JSON of an answer, or the code of its problem document. */
export async function read<T>(response: Response): Promise<Read<T>> {
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return { ok: true, data: body as T };
  const code = codeOf(body);
  // A proxy in front of a dead gateway answers too, but not with our problem document.
  const proxy = code === null && (gone.has(response.status) || response.ok);
  return {
    ok: false,
    problem: { status: response.status, code: proxy ? 'UNREACHABLE' : (code ?? `HTTP_${response.status}`) },
  };
}

/** `AbortSignal.any` is younger than the phones of some staff. */
function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  const any = new AbortController();
  for (const one of signals) {
    if (one.aborted) any.abort();
    one.addEventListener('abort', () => any.abort(), { once: true });
  }
  return any.signal;
}

function codeOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  return typeof body.code === 'string' ? body.code : null;
}
