import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Page } from '../../contract/index.ts';
import type { Client, Problem } from '../gateway/client.ts';
import { useApp } from './context.ts';

/** A loaded thing: data with its age, or why there is none, or neither while it is on its way. */
export type Load<T> = {
  readonly data: T | null;
  /** When `data` was loaded, epoch ms. */
  readonly at: number | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  readonly reload: () => void;
};

/** A list that is read page by page. */
export type Pages<T> = Omit<Load<T>, 'data'> & {
  readonly rows: readonly T[] | null;
  /** Reads on, or null at the end of the list. */
  readonly more: (() => void) | null;
};

type Held<T> = Omit<Load<T>, 'reload'> & { readonly path: string | null };

/**
 * Loads a path, and loads it again when the gateway comes back or `when` rises. Old data stays while newer is on its
 * way or cannot be had. `null` loads nothing.
 */
export function useLoad<T>(path: string | null, when?: ReadonlySignal<number>): Load<T> {
  const { client } = useApp();
  const [asked, ask] = useState(0);
  const [held, hold] = useState<Held<T>>(() => beginning<T>(path, client));
  const revision = client.revision.value + (when?.value ?? 0);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    hold((before) => ({ ...(before.path === path ? before : beginning<T>(path, client)), loading: true }));
    void client.get<T>(path, abort.signal).then((result) => {
      if (abort.signal.aborted) return;
      hold((before) =>
        result.ok
          ? { path, data: result.data, at: result.at, problem: null, loading: false }
          : { ...before, path, problem: result.problem, loading: false },
      );
    });
    return () => abort.abort();
  }, [path, asked, revision, client]);
  const shown = held.path === path ? held : beginning<T>(path, client);
  return { ...shown, reload: () => ask((n) => n + 1) };
}

type Extras<T> = { readonly of: number | null; readonly rows: readonly T[]; readonly next: string | null };

/** Like `useLoad`, for a list, and `null` loads nothing here too. Once more pages are open, `when` no longer pulls the list from under the reader. */
export function usePages<T>(path: string | null, when?: ReadonlySignal<number>): Pages<T> {
  const { client } = useApp();
  const [extras, setExtras] = useState<Extras<T>>({ of: null, rows: [], next: null });
  const [failed, setFailed] = useState<Problem | null>(null);
  const first = useLoad<Page<T>>(path, extras.of === null ? when : undefined);
  const valid = extras.of !== null && extras.of === first.at;
  useEffect(() => {
    if (!valid) setExtras({ of: null, rows: [], next: null });
    setFailed(null);
  }, [path, first.at, valid]);
  const next = valid ? extras.next : (first.data?.next ?? null);
  const more = async (cursor: string) => {
    if (path === null) return;
    const join = path.includes('?') ? '&' : '?';
    const result = await client.get<Page<T>>(`${path}${join}cursor=${encodeURIComponent(cursor)}`);
    setFailed(result.ok ? null : result.problem);
    if (!result.ok) return;
    setExtras({ of: first.at, rows: [...(valid ? extras.rows : []), ...result.data.rows], next: result.data.next });
  };
  const rows = first.data === null ? null : [...first.data.rows, ...(valid ? extras.rows : [])];
  return {
    rows,
    at: first.at,
    problem: first.problem ?? failed,
    loading: first.loading,
    reload: first.reload,
    more: next === null ? null : () => void more(next),
  };
}

function beginning<T>(path: string | null, client: Client): Held<T> {
  const kept = path === null ? null : client.cached<T>(path);
  return { path, data: kept?.data ?? null, at: kept?.at ?? null, problem: null, loading: path !== null };
}
