import { type LineControl, type MemoryBank, memoryBanks } from '../protocols/index.ts';
import type { FieldTag } from './tag-field.ts';
import { hasMask } from './tag-mask.ts';
import type { TagAnswer } from './tag-memory.ts';

type OnTags = NonNullable<LineControl['onTags']>;
type Options = Readonly<Record<string, string>>;

/** The options of a TSL command, `-db usr -dl 02`, by name. */
export function tslOptions(command: string): Options {
  return Object.fromEntries([...command.matchAll(/-([a-z]{1,2}) (\S+)/g)].map(([, name, value]) => [name, value]));
}

/** Whether a tag answers the mask of a command; one without a mask is answered by all. */
export function tslHears(onTags: OnTags | undefined, { sb, sd, sl, so }: Options, { memory }: FieldTag): boolean {
  if (sd === undefined || sl === undefined || so === undefined || onTags === undefined) return true;
  const bank = Object.entries(onTags.maskBanks).find(([, word]) => word === sb)?.[0] as MemoryBank | undefined;
  return bank !== undefined && hasMask(memory, bank, Number.parseInt(so, 16), sd, Number.parseInt(sl, 16));
}

/** What a simulated reader says to a command on tags: the lines between the echo and the empty line; null for others. */
export function tslOnTags(onTags: OnTags | undefined, command: string, present: readonly FieldTag[]): string[] | null {
  const run = deeds[command.split(' ')[0] ?? ''];
  if (run === undefined || onTags === undefined) return null;
  const options = tslOptions(command);
  const meant = present.filter((tag) => tag.memory.isAlive() && tslHears(onTags, options, tag));
  if (meant.length === 0) return ['ER: 005'];
  const password = options['ap'] === undefined || options['ap'] === '00000000' ? null : options['ap'];
  const lines = meant.flatMap(({ memory }) => {
    const name = `EP: ${memory.epc()}`;
    const answer = run({ options, memory, password, bank: bankOf(onTags, options['db']) });
    return answer.ok ? [name, ...answer.lines] : [name, complaints[answer.error]];
  });
  return [...lines, 'OK:'];
}

type Deed = (on: {
  readonly options: Options;
  readonly memory: FieldTag['memory'];
  readonly password: string | null;
  readonly bank: MemoryBank;
}) => { readonly ok: true; readonly lines: readonly string[] } | Extract<TagAnswer, { ok: false }>;

const hex = (text = '0') => Number.parseInt(text, 16);
const told = (answer: TagAnswer, ...lines: string[]) => (answer.ok ? { ok: true as const, lines } : answer);

const deeds: Readonly<Record<string, Deed>> = {
  '.rd': ({ options, memory, password, bank }) => {
    const answer = memory.read(bank, hex(options['do']), hex(options['dl']), password);
    return told(answer, `RD: ${answer.ok ? answer.data : ''}`);
  },
  '.wr': ({ options, memory, password, bank }) =>
    told(memory.write(bank, hex(options['do']), options['da'] ?? '', password), `WW: ${hex(options['dl'])}`),
  '.lo': ({ options, memory, password }) => {
    const word = hex(options['lp']);
    return told(memory.lock(word >> 10, word & 0x3ff, password), 'LS: 1');
  },
  '.ki': ({ options, memory }) => told(memory.kill(options['kp'] ?? ''), 'KS: 1'),
};

const complaints: Readonly<Record<Extract<TagAnswer, { ok: false }>['error'], string>> = {
  noTag: 'EA: 003',
  badPassword: 'EA: 004',
  memory: 'EB: 003',
  locked: 'EB: 004',
  tag: 'EB: 000',
};

function bankOf({ banks }: OnTags, word: string | undefined): MemoryBank {
  return memoryBanks.find((bank) => banks[bank] === word) ?? 'user';
}
