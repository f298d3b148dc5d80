import { silentLog } from '../../../../src/kit/index.ts';
import type { CommandError } from '../../../../src/protocols/command-error.ts';
import type { Control, Reply, TagAccess, Target } from '../../../../src/readers/commands/access.ts';
import { createRunner } from '../../../../src/readers/commands/run.ts';
import { createTagMemory, type TagAnswer, type TagContent } from '../../../../src/simulators/tag-memory.ts';

import type { Preselect } from '../../../../src/tags/index.ts';

export type Fault = { readonly error: CommandError; readonly sent: boolean; readonly done: boolean };

/**
 * A reader with one tag before it. `fault` says for each step, in order from 0, how it goes wrong, or undefined; `done`
 * means that the tag did it all the same.
 */
export function tagBench(
  content: TagContent,
  fault: (index: number, step: string) => Fault | undefined = () => undefined,
  selectBy: TagAccess['selectBy'] = ['epc', 'tid'],
  can: TagAccess['can'] = ['read', 'write', 'lock', 'kill', 'preselect'],
) {
  const tag = createTagMemory(content);
  const calls: string[] = [];
  const preselects: Preselect[] = [];
  let resting = 0;
  const answer = <T>(
    step: string,
    target: Target,
    run: () => TagAnswer,
    value: (data: string) => T,
  ): Promise<Reply<T>> => {
    if (resting === 0) throw new Error('a step outside exclusively');
    const wrong = fault(calls.length, step);
    calls.push(step);
    const meant = target.tag.tid === undefined ? target.tag.epc === tag.epc() : tag.tid.startsWith(target.tag.tid);
    const told: TagAnswer = meant && wrong?.done !== false ? run() : { ok: false, error: 'noTag' };
    if (wrong !== undefined) return Promise.resolve({ ok: false, error: wrong.error, sent: wrong.sent });
    return Promise.resolve(
      told.ok ? { ok: true, value: value(told.data) } : { ok: false, error: told.error, sent: true },
    );
  };
  const nothing = () => null;
  const access: TagAccess = {
    selectBy,
    can,
    read: (target, bank, word, words, preselect) => {
      if (preselect !== undefined) preselects.push(preselect);
      const run = () => tag.read(bank, word, words, target.password);
      return answer('read', target, run, (data) => data);
    },
    write: (target, bank, word, data) =>
      answer('write', target, () => tag.write(bank, word, data, target.password), nothing),
    writeEpc: (target, pc, epc) =>
      answer('write', target, () => tag.write('epc', 1, pc + epc, target.password), nothing),
    lock: (target, { mask, action }) => answer('lock', target, () => tag.lock(mask, action, target.password), nothing),
    kill: (target, password) => answer('kill', target, () => tag.kill(password), nothing),
  };
  const control: Control = {
    unready: () => null,
    access,
    exclusively: async (run) => {
      resting += 1;
      try {
        return await run();
      } finally {
        resting -= 1;
      }
    },
  };
  const run = createRunner({ reader: 'desk', control, log: silentLog, problemOf: () => null });
  return { tag, calls, preselects, run, resting: () => resting };
}
