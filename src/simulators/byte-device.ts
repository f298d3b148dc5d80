import type { ByteProfile, MemoryBank, Step, TemplateValues } from '../protocols/index.ts';
import { lockParts, lockTypes } from '../readers/index.ts';
import type { HeardSelect } from './sensor-tag.ts';
import type { FieldTag } from './tag-field.ts';
import { bankNumbered, hasMask } from './tag-mask.ts';
import type { TagAnswer } from './tag-memory.ts';

/** What a simulated reader was told and has not forgotten. */
export type ByteDevice = ReturnType<typeof createByteDevice>;

/** What became of a command on tags: null when it was none. */
export type OnTags =
  | { readonly tags: readonly FieldTag[]; readonly memory: string }
  | { readonly error: Extract<TagAnswer, { ok: false }>['error'] }
  | null;

/** Settings, the tag that is selected and the antenna of a simulated reader, and what it does to tags. */
export function createByteDevice(profile: ByteProfile) {
  const banks = Object.entries(profile.access?.banks ?? {}) as [MemoryBank, number][];
  const fresh = (): State => ({ told: {}, selected: null, inventory: null, ports: null });
  let state = fresh();
  let turn = 0;
  let found: readonly FieldTag[] = [];

  const isMeant = (values: TemplateValues | null) => (tag: FieldTag) => {
    const { mask, maskBank, maskAt = 0, maskBits, epc } = values ?? {};
    if (epc !== undefined) return tag.memory.epc() === epc;
    if (mask === undefined) return true;
    const bank = banks.find(([, code]) => code === maskBank)?.[0];
    return bank !== undefined && hasMask(tag.memory, bank, maskAt, mask, maskBits ?? mask.length * 4);
  };
  const isNear = (tag: FieldTag) => state.ports === null || state.ports.includes(tag.antenna);
  const meant = (present: readonly FieldTag[], values: TemplateValues): readonly FieldTag[] => {
    const own = values.mask !== undefined || values.epc !== undefined;
    const alive = present.filter(({ memory }) => memory.isAlive()).filter(isNear);
    const answering = alive.filter(isMeant(own ? values : state.selected));
    return answering.map((tag) => ({ ...tag, epc: tag.memory.epc() }));
  };
  return {
    restart: () => {
      state = fresh();
    },
    /** What getters tell: every value that was set. */
    told: () => state.told,
    /** The tags of a step of a census; a step that only tells what another counted has none of its own. */
    counted: ({ operation, reports }: Step, present: readonly FieldTag[], values: TemplateValues) => {
      if (reports === undefined) found = operation === 'clearTags' ? [] : meant(present, values);
      return operation === 'fetchTags' ? found : meant(present, values);
    },
    /** Whether inventory hears the tag. */
    hears: (tag: FieldTag) => isMeant(state.inventory)(tag),
    /** Takes note of a command. */
    note: (operation: string, values: TemplateValues) => {
      const change = notes[operation];
      if (change !== undefined) state = { ...state, ...change(state, values) };
      if (operation.startsWith('set')) state = { ...state, told: { ...state.told, ...values } };
    },
    /** Does a command on the tags that are meant. */
    onTags: (operation: string, values: TemplateValues, present: readonly FieldTag[]): OnTags => {
      const run = deeds[operation];
      if (run === undefined) return null;
      const tags = meant(present, values);
      const one = tags[turn++ % Math.max(1, tags.length)];
      if (one === undefined) return { error: 'noTag' };
      one.memory.hear(selectOf(profile, values.mask === undefined ? state.selected : values));
      const answer = run(profile, one, values);
      return answer.ok ? { tags: [one, ...tags.filter((tag) => tag !== one)], memory: answer.data } : answer;
    },
  };
}

/** The Select that such values make a reader send; null where they make none. */
function selectOf({ access }: ByteProfile, values: TemplateValues | null): HeardSelect | null {
  const bank = (['epc', 'tid', 'user'] as const).find((name) => access?.banks?.[name] === values?.maskBank);
  if (bank === undefined || values?.mask === undefined) return null;
  return { bank, bit: values.maskAt ?? 0, bits: values.maskBits ?? values.mask.length * 4 };
}

type State = {
  readonly told: TemplateValues;
  readonly selected: TemplateValues | null;
  /** What inventory is masked with. */
  readonly inventory: TemplateValues | null;
  /** Antennas of commands on tags; null: all. */
  readonly ports: readonly number[] | null;
};

const notes: Readonly<Record<string, (state: State, values: TemplateValues) => Partial<State>>> = {
  select: (_state, values) => ({ selected: values }),
  clearSelect: () => ({ selected: null, inventory: null }),
  setFilter: (_state, values) => ({ inventory: values }),
  filterMode: ({ selected }) => ({ inventory: selected }),
  setAntenna: (_state, values) => ({ ports: portsOf(values) }),
  setAntennas: (_state, values) => ({ ports: portsOf(values) }),
  startInventory: (_state, values) => (values.mask === undefined ? {} : { inventory: values }),
};

function portsOf({ antenna, antennas, antennaMask }: TemplateValues): readonly number[] | null {
  if (antennas !== undefined) return antennas;
  if (antenna !== undefined) return [antenna];
  if (antennaMask === undefined) return null;
  return Array.from({ length: 32 }, (_, i) => i + 1).filter((port) => (antennaMask & (2 ** (port - 1))) !== 0);
}

type Deed = (profile: ByteProfile, tag: FieldTag, values: TemplateValues) => TagAnswer;

const deeds: Readonly<Record<string, Deed>> = {
  readMemory: (_profile, { memory }, values) =>
    memory.read(bankNumbered(values.bank ?? 0), values.word ?? 0, values.words ?? 0, passwordOf(values.password)),
  writeMemory: (_profile, { memory }, values) =>
    memory.write(bankNumbered(values.bank ?? 0), values.word ?? 0, values.data ?? '', passwordOf(values.password)),
  writeEpc: (_profile, { memory }, { newEpc = '', password }) => {
    const pc = (Number.parseInt(memory.pc(), 16) & 0x07ff) | ((newEpc.length / 4) << 11);
    return memory.write('epc', 1, hex(pc, 4) + newEpc, passwordOf(password));
  },
  lock: (profile, { memory }, values) => {
    const { mask, action } = lockWordOf(profile, values);
    return memory.lock(mask, action, passwordOf(values.password));
  },
  kill: (_profile, { memory }, { killPassword = 0 }) => memory.kill(hex(killPassword, 8)),
};

/** Whether the command is about tags' memory. */
export function isDeed(operation: string): boolean {
  return Object.hasOwn(deeds, operation);
}

function lockWordOf({ access }: ByteProfile, values: TemplateValues): { mask: number; action: number } {
  const { lockMask, lockAction, lockWord, lockPart, lockType } = values;
  if (lockWord !== undefined) return { mask: lockWord >> 10, action: lockWord & 0x3ff };
  if (lockMask !== undefined && lockAction !== undefined) return { mask: lockMask, action: lockAction };
  const part = lockParts.findIndex((name) => access?.lockParts?.[name] === lockPart);
  const type = lockTypes.findIndex((name) => access?.lockTypes?.[name] === lockType);
  const shift = 2 * (lockParts.length - 1 - part);
  return { mask: 0b11 << shift, action: type << shift };
}

function passwordOf(password = 0): string | null {
  return password === 0 ? null : hex(password, 8);
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
