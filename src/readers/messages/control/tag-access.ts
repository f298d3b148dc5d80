import type { Reply, TagAccess, Target } from '../../commands/access.ts';
import type { CommandError } from '../../commands/result.ts';
import type { AccessMode, CommandRequest, ModeSettings } from '../../profile/command-profile.ts';
import type { Ask } from './ask.ts';
import { filled, type Json, putAt, valueAt } from './json.ts';
import type { Modes } from './modes.ts';
import type { Reports } from './reports.ts';

export type TagAccessDeps = {
  readonly access: AccessMode;
  readonly spec: ModeSettings;
  readonly start: CommandRequest;
  readonly stop: CommandRequest;
  readonly ask: Ask;
  readonly modes: Modes;
  readonly reports: Reports;
};

type Judge<T> = (result: unknown) => T | undefined;
/** What came of it; undefined: nothing that ends the waiting. */
type Outcome<T> = { readonly value: T } | { readonly error: CommandError };

/**
 * Operations on a tag by a reader that carries them out as part of its mode, on every tag that the mode lets in: the mode is
 * set, inventory runs until the tag was reported with a result, and is stopped. Only one tag is let in, by its EPC.
 */
export function createModeAccess(deps: TagAccessDeps): TagAccess {
  const { access } = deps;
  const run = <T>(target: Target, operation: unknown, judge: Judge<T>) => carryOut(deps, target, operation, judge);
  const success: Judge<null> = (result) => (result === access.success ? null : undefined);
  const write = (target: Target, bank: string, word: number, data: string) =>
    run(target, filled(access.write, { bank: bank.toUpperCase(), word, data }), success);
  const unable = () => Promise.resolve<Reply<null>>({ ok: false, error: 'unsupported', sent: false });
  return {
    selectBy: ['epc'],
    can: ['read', 'write'],
    read: (target, bank, word, words) =>
      run(target, filled(access.read, { bank: bank.toUpperCase(), word, words }), (result) => wordsIn(result, words)),
    write,
    writeEpc: (target, pc, epc) => write(target, 'epc', 1, pc + epc),
    lock: unable,
    kill: unable,
  };
}

/** Upper-case hex of so many words; undefined where the result is something else. */
function wordsIn(result: unknown, words: number): string | undefined {
  const hex = typeof result === 'string' ? result.replaceAll(' ', '').toUpperCase() : '';
  return hex.length === 4 * words && /^[0-9A-F]+$/.test(hex) ? hex : undefined;
}

async function carryOut<T>(
  deps: TagAccessDeps,
  target: Target,
  operation: unknown,
  judge: Judge<T>,
): Promise<Reply<T>> {
  const { access, modes, reports, ask } = deps;
  const aside = modes.aside();
  if (!aside.ok) return aside;
  const placed = await modes.set(accessMode(deps, aside.value, target, operation));
  // Without a start nothing reaches the tag.
  if (!placed.ok) return { ...placed, sent: false };
  let complaint: CommandError = 'noTag';
  const found = reports.wait<Outcome<T>>(target.tag.epc ?? '', access.waitMs, (results) => {
    const last = results.at(-1);
    const value = judge(last);
    if (value !== undefined) return { value };
    complaint = meaningOf(access, last);
    return isFinal(complaint) ? { error: complaint } : undefined;
  });
  const started = await ask(deps.start);
  const outcome = started.ok ? await found : undefined;
  await ask(deps.stop);
  if (!started.ok) return started;
  if (outcome !== undefined && 'value' in outcome) return { ok: true, value: outcome.value };
  return { ok: false, error: outcome?.error ?? complaint, sent: true };
}

/** The mode for one operation on one tag, by the antennas and with the power of the mode that was put aside. */
function accessMode({ access, spec }: TagAccessDeps, before: Json, target: Target, operation: unknown): Json {
  const mode = filled(access.mode, { epc: (target.tag.epc ?? '').toLowerCase() }) as Json;
  for (const [path, value] of radioOf(spec, before, target.antenna)) if (value !== undefined) putAt(mode, path, value);
  const first = target.password === null ? [] : [filled(access.password, { password: target.password })];
  putAt(mode, access.operations, [...first, operation]);
  return mode;
}

/** Ports and power: those of the mode before, or one port with its own power. */
function radioOf({ ports, power }: ModeSettings, before: Json, antenna: number | null): [string, unknown][] {
  const list = ports?.list ?? '';
  const numbers = valueAt(before, list);
  const dbm = power === undefined ? undefined : valueAt(before, power.path);
  const powerPath = power?.path ?? '';
  if (antenna === null)
    return [
      [list, numbers],
      [powerPath, dbm],
    ];
  const at = Array.isArray(numbers) ? numbers.indexOf(antenna) : -1;
  return [
    [list, [antenna]],
    [powerPath, Array.isArray(dbm) ? (dbm as unknown[])[at] : dbm],
  ];
}

function meaningOf({ errors }: AccessMode, result: unknown): CommandError {
  const sentence = String(result).toLowerCase();
  return errors.find(({ has }) => sentence.includes(has.toLowerCase()))?.error ?? 'tag';
}

/** At the edge of the field a tag often does not answer, and answers when it is asked again. */
function isFinal(error: CommandError): boolean {
  return error === 'locked' || error === 'badPassword' || error === 'memory' || error === 'parameter';
}
