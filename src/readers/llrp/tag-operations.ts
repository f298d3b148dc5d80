import type { Clock } from '../../kit/index.ts';
import type { CommandError, ReaderAnswer } from '../../protocols/index.ts';
import type { Target } from '../commands/access.ts';
import type { Asked } from './conversation.ts';
import { addAccessSpec, type Operation } from './op-specs.ts';
import { OUR_ACCESSSPEC, type Request, request } from './requests.ts';

/** What one operation came to on one tag; `data` is what was read, upper-case hex. */
export type OpOutcome = { readonly error: CommandError | null; readonly data: string };

/** One time that the operations were carried out on a tag; fewer outcomes than operations where the reader gave up. */
export type Execution = readonly OpOutcome[];

/** `executions` in their order, none where no such tag came; or why nothing can be said. */
export type Operated =
  | { readonly ok: true; readonly executions: readonly Execution[] }
  | { readonly ok: false; readonly error: CommandError; readonly sent: boolean };

/** Carries operations out on tags, by an AccessSpec that is there only meanwhile. */
export type TagOperations = {
  /** Waits for `times` executions; once there is one, no longer than half a second for the next. */
  operate(target: Target, operations: readonly Operation[], times: number): Promise<Operated>;
  /** Takes what a report says of an operation; those of others are passed over. */
  reported(answer: ReaderAnswer): void;
  /** Takes our AccessSpec out of the reader, if one is in it: the gateway goes. */
  abandon(): void;
  /** The connection is gone, and no result will come. */
  lost(): void;
};

export type TagOperationsDeps = {
  readonly clock: Clock;
  /** How long a tag is waited for. */
  readonly tagMs: number;
  ask(request: Request): Promise<Asked>;
};

const NEXT_MS = 500;
const MOST_IDS = 0xffff;

export function createTagOperations({ clock, tagMs, ask }: TagOperationsDeps): TagOperations {
  let lastId = 0;
  let current: ReturnType<typeof createCollector> | null = null;
  const nextId = () => {
    lastId = (lastId % MOST_IDS) + 1;
    return lastId;
  };
  const spec = createOurSpec(ask);
  const carryOut = async (added: Request, collector: ReturnType<typeof createCollector>): Promise<Operated> => {
    const put = await spec.put(added);
    if (put === null) await collector.ended;
    // The answer comes behind whatever was still to be reported.
    const isGone = await spec.remove();
    const executions = collector.executions();
    if (executions.length > 0) return { ok: true, executions };
    if (put !== null) return put;
    return isGone ? { ok: true, executions } : { ok: false, error: 'timeout', sent: true };
  };
  return {
    operate: async (target, operations, times) => {
      const ops = operations.map((operation) => ({ opSpecId: nextId(), operation }));
      const collector = createCollector({
        clock,
        tagMs,
        ids: ops.map(({ opSpecId }) => opSpecId),
        times,
      });
      current = collector;
      const operated = await carryOut(addAccessSpec(target, ops, times), collector);
      current = null;
      return operated;
    },
    reported: (answer) => current?.take(answer),
    abandon: () => {
      if (current !== null) void spec.remove();
    },
    lost: () => current?.end(),
  };
}

/** Our AccessSpec in the reader. */
function createOurSpec(ask: TagOperationsDeps['ask']) {
  const accessSpecId = OUR_ACCESSSPEC;
  let isLeft = false;
  const remove = async () => {
    const removed = await ask(request('DELETE_ACCESSSPEC', { accessSpecId }));
    isLeft = !removed.ok && removed.error === 'timeout';
    // A spec that was carried out as often as it should be was deleted by the reader, which refuses to do it again.
    return removed.ok || removed.error === 'parameter';
  };
  return {
    remove,
    /** null when it is there and works; else why not. A spec that was never enabled has touched no tag. */
    put: async (spec: Request) => {
      if (isLeft) await remove();
      const added = await ask(spec);
      if (!added.ok) return { ...added, sent: false };
      const enabled = await ask(request('ENABLE_ACCESSSPEC', { accessSpecId }));
      return enabled.ok ? null : { ...enabled, sent: enabled.error === 'timeout' };
    },
  };
}

type CollectorOptions = Pick<TagOperationsDeps, 'clock' | 'tagMs'> & {
  readonly ids: readonly number[];
  readonly times: number;
};

/** Collects the results of one AccessSpec; `ended` when there is no use in waiting any longer. */
function createCollector({ clock, tagMs, ids, times }: CollectorOptions) {
  const executions: OpOutcome[][] = [];
  const { promise: ended, resolve: end } = promised();
  let timer = clock.after(tagMs, end);
  return {
    ended: ended.finally(() => timer.cancel()),
    end,
    executions: () => executions,
    take: ({ error, fields }: ReaderAnswer) => {
      const place = ids.indexOf(Number(fields['opSpecId']));
      if (place < 0) return;
      const data = typeof fields['data'] === 'string' ? fields['data'] : '';
      const outcome = { error: error as CommandError | null, data };
      if (place > 0) return void executions.at(-1)?.push(outcome);
      executions.push([outcome]);
      timer.cancel();
      if (executions.length >= times) end();
      else timer = clock.after(NEXT_MS, end);
    },
  };
}

function promised() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
