import type { Clock } from '../../../../../kit/index.ts';
import { type CommandError, type Json, wordOf } from '../../../../../protocols/index.ts';
import type { Reply, TagAccess, Target } from '../../../../commands/access.ts';
import type { Modes, MqttAsk, ReportedAccess } from '../../../control/dialect.ts';
import { question } from './question.ts';
import { createReports } from './reports.ts';

/** What a result says; undefined where it is not what was asked for. */
type Judge<T> = (result: unknown) => T | undefined;

const WAIT_MS = 12_000;

/** What a sentence in a result means, by a part of it (as seen on FXR60 and FXR90). */
const meanings: readonly (readonly [string, CommandError])[] = [
  ['did not respond', 'noTag'],
  ['no response', 'noTag'],
  ['password', 'badPassword'],
  ['lock', 'locked'],
  ['overrun', 'memory'],
  ['power', 'power'],
];

/**
 * Operations on a tag are part of the reader's mode, and are carried out on every tag that the mode lets in: the mode is set,
 * inventory runs until the tag was reported with a result, and is stopped. Only one tag is let in, by its EPC.
 */
export function createAccess(ask: MqttAsk, modes: Modes, clock: Clock): ReportedAccess {
  const reports = createReports(clock);
  const run = async <T>(target: Target, operation: Json, judge: Judge<T>): Promise<Reply<T>> => {
    const aside = modes.aside();
    if (!aside.ok) return aside;
    const placed = await modes.set(accessMode(aside.value, target, operation));
    // Without a start nothing reaches the tag.
    if (!placed.ok) return { ...placed, sent: false };
    const seen: { last: Reply<T> } = { last: failed('noTag') };
    const found = reports.wait(target.tag.epc ?? '', WAIT_MS, (results) => {
      const result = results.at(-1);
      const value = judge(result);
      seen.last = value === undefined ? failed(meaningOf(result)) : { ok: true, value };
      return seen.last.ok || isFinal(seen.last.error) ? seen.last : undefined;
    });
    const started = await ask(question('start'));
    if (started.ok) await found;
    await ask(question('stop'));
    return started.ok ? seen.last : started;
  };
  const write = (target: Target, bank: string, word: number, data: string) => {
    const config = { membank: bank.toUpperCase(), wordPointer: word, data };
    return run(target, { type: 'WRITE', config }, (result) => (result === 'SUCCESS' ? null : undefined));
  };
  const unable = () => Promise.resolve<Reply<null>>({ ok: false, error: 'unsupported', sent: false });
  const tags: TagAccess = {
    selectBy: ['epc'],
    can: ['read', 'write'],
    read: (target, bank, word, words) => {
      const config = { membank: bank.toUpperCase(), wordPointer: word, wordCount: words };
      return run(target, { type: 'READ', config }, (result) => wordsIn(result, words));
    },
    write,
    writeEpc: (target, pc, epc) => write(target, 'epc', 1, pc + epc),
    lock: unable,
    kill: unable,
  };
  return { tags, see: reports.see };
}

/** Upper-case hex of so many words; undefined where the result is something else. */
function wordsIn(result: unknown, words: number): string | undefined {
  const hex = typeof result === 'string' ? result.replaceAll(' ', '').toUpperCase() : '';
  return hex.length === 4 * words && /^[0-9A-F]+$/.test(hex) ? hex : undefined;
}

/** The mode for one operation on one tag, by the antennas and with the power of the mode that was put aside. */
function accessMode({ antennas, transmitPower }: Json, { tag, antenna, password }: Target, operation: Json): Json {
  const ports = antenna === null ? antennas : [antenna];
  const at = Array.isArray(antennas) ? antennas.indexOf(antenna) : -1;
  const power = antenna !== null && Array.isArray(transmitPower) ? (transmitPower as unknown[])[at] : transmitPower;
  const first = password === null ? [] : [{ type: 'ACCESS', config: { password } }];
  return {
    type: 'CUSTOM',
    filter: { value: (tag.epc ?? '').toLowerCase(), match: 'prefix', operation: 'include' },
    tagMetaData: ['ANTENNA', 'RSSI'],
    ...(ports === undefined ? {} : { antennas: ports }),
    ...(power === undefined ? {} : { transmitPower: power }),
    accesses: [...first, operation],
  };
}

const failed = (error: CommandError) => ({ ok: false, error, sent: true }) as const;

function meaningOf(result: unknown): CommandError {
  const sentence = wordOf(result).toLowerCase();
  return meanings.find(([part]) => sentence.includes(part))?.[1] ?? 'tag';
}

/** At the edge of the field a tag often does not answer, and answers when it is asked again. */
function isFinal(error: CommandError): boolean {
  return error === 'locked' || error === 'badPassword' || error === 'memory' || error === 'parameter';
}
