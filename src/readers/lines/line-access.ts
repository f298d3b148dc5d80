import {
  type CommandError,
  fillText,
  type LineControl,
  type LineProfile,
  type ReaderAnswer,
  type TextValues,
} from '../../protocols/index.ts';
import { replyOf } from '../bytes/reply.ts';
import type { Reply, TagAccess, Target } from '../commands/access.ts';
import { maskValues } from './line-settings.ts';
import type { LineTalk } from './line-talk.ts';

type OnTags = NonNullable<LineControl['onTags']>;

/** An EPC begins behind CRC and PC, PC and EPC are written together (Gen2v2, 6.3.2.1.2). */
const EPC_BIT = 32;
const PC_WORD = 1;

/** The steps that a reader has texts for; `hold` is the signal under which they are asked. */
export function createLineAccess(
  profile: LineProfile,
  onTags: OnTags,
  talk: LineTalk,
  hold: () => AbortSignal,
  values: () => TextValues,
): TagAccess {
  const { banks, data: dataField, written } = onTags;
  const ask = async (target: Target, text: string, more: TextValues): Promise<Reply<ReaderAnswer>> => {
    const line = fillText(text, { ...powerOf(values()), ...targetValues(profile, target), ...more });
    const [word] = line.split(' ');
    const reply = await replyOf(hold(), () => talk.ask(line, ({ command }) => command.split(' ')[0] === word));
    return reply.ok ? judged(reply.value, onTags, target, more) : reply;
  };
  const write = async (target: Target, bank: string, word: number, data: string, newEpc?: string) => {
    const words = data.length / 4;
    const reply = await ask(target, onTags.writeMemory, { bank, word, words, data, newEpc });
    if (!reply.ok) return reply;
    return Number(reply.value.fields[written]) === words ? done : failed('tag');
  };
  const { lock, kill } = onTags;
  return {
    selectBy: ['epc', 'tid'],
    can: [
      'read',
      'write',
      ...(lock === undefined ? [] : ['lock' as const]),
      ...(kill === undefined ? [] : ['kill' as const]),
    ],
    read: async (target, bank, word, words) => {
      const reply = await ask(target, onTags.readMemory, { bank: banks[bank], word, words });
      if (!reply.ok) return reply;
      const seen = String(reply.value.fields[dataField] ?? '').toUpperCase();
      return seen.length === words * 4 ? { ok: true, value: seen } : failed('tag');
    },
    write: (target, bank, word, data) => write(target, banks[bank], word, data),
    writeEpc: (target, pc, epc) => write(target, banks.epc, PC_WORD, pc + epc, epc),
    lock: async (target, { mask, action }) =>
      nothing(await ask(target, lock ?? '', { lockWord: mask * 1024 + action })),
    kill: async (target, killPassword) => nothing(await ask(target, kill ?? '', { killPassword })),
  };
}

const done: Reply<null> = { ok: true, value: null };
const failed = (error: CommandError): Reply<never> => ({ ok: false, error, sent: true });
const nothing = (reply: Reply<unknown>): Reply<null> => (reply.ok ? done : reply);
const powerOf = ({ power }: TextValues): TextValues => ({ power });

function targetValues(profile: LineProfile, { tag, password }: Target): TextValues {
  const { tid, epc = '' } = tag;
  const filter =
    tid === undefined ? { bank: 'epc' as const, bit: EPC_BIT, mask: epc } : { bank: 'tid' as const, bit: 0, mask: tid };
  return { ...maskValues(profile, filter), password: password ?? undefined };
}

/** What an answer says of the tag that was meant; one that names another, or several, is no answer of it. */
function judged(
  answer: ReaderAnswer,
  { errors }: OnTags,
  { tag }: Target,
  { newEpc }: TextValues,
): Reply<ReaderAnswer> {
  const complaint = Object.entries(answer.fields).find(
    ([name, value]) => errors[`${name} ${String(value)}`] !== undefined,
  );
  if (complaint !== undefined) return failed(errors[`${complaint[0]} ${String(complaint[1])}`]?.error ?? 'tag');
  if (answer.ok === false) return failed(answer.error === 'noTag' ? 'noTag' : 'internal');
  const { tags, epc } = answer.fields;
  if (tags === undefined) return failed('noTag');
  const isOther = tag.epc !== undefined && epc !== tag.epc && epc !== newEpc;
  return tags === 1 && !isOther ? { ok: true, value: answer } : failed('severalTags');
}
