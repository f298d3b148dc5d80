import { valueAt, wordOf } from '../../../protocols/index.ts';
import type { Reply } from '../../commands/access.ts';

type Fields = Readonly<Record<string, string | number>>;

/** A question and where its answer has what is wanted: our names, each with the places in which firmwares have it. */
export type IdentityQuestion = {
  ask(): Promise<Reply<unknown>>;
  readonly fields: Readonly<Record<string, readonly string[]>>;
};

/** What the answers say together; the first failure where none of them said anything. */
export async function identify(questions: readonly IdentityQuestion[]): Promise<Reply<Fields>> {
  const known: Record<string, string | number> = {};
  let failure: Reply<Fields> | null = null;
  for (const { ask, fields } of questions) {
    const reply = await ask();
    if (!reply.ok) failure ??= reply;
    else for (const [name, paths] of Object.entries(fields)) takeField(known, name, paths, reply.value);
  }
  return failure !== null && Object.keys(known).length === 0 ? failure : { ok: true, value: known };
}

function takeField(known: Record<string, string | number>, name: string, paths: readonly string[], answer: unknown) {
  for (const path of paths) {
    const value = valueAt(answer, path);
    if (known[name] === undefined && (typeof value === 'string' || typeof value === 'number') && value !== '') {
      known[name] = value;
    }
  }
}

/** A reader's own word for what it does, at the first place that has one, and whether one of them means that it takes inventory. */
export function activityIn(reply: Reply<unknown>, paths: readonly string[], activeWords: readonly string[]) {
  if (!reply.ok) return reply;
  const found = paths.map((path) => valueAt(reply.value, path)).filter((word) => word !== undefined);
  const isActive = found.some((word) => activeWords.includes(wordOf(word).toLowerCase()));
  return { ok: true, value: { word: wordOf(found[0]), isActive } } as const;
}
