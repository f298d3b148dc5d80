import type { ByteProfile, MemoryBank, Operation, TemplateValues } from '../../protocols/index.ts';
import type { Preselect } from '../../tags/index.ts';
import type { TagSelect } from '../commands/command.ts';

/** An EPC begins behind CRC and PC (Gen2v2, 6.3.2.1.2). */
const EPC_BIT = 32;

/** The family's code of a bank in masks; undefined where it cannot be masked. */
export function bankCode({ access }: ByteProfile, bank: MemoryBank): number | undefined {
  return bank === 'reserved' ? undefined : access?.banks?.[bank];
}

/** What templates may say of the tag that is meant. */
export function targetValues(profile: ByteProfile, { epc, tid }: TagSelect): TemplateValues {
  const maskBank = bankCode(profile, tid === undefined ? 'epc' : 'tid');
  const code = maskBank === undefined ? {} : { maskBank };
  if (tid !== undefined) return { ...code, maskAt: 0, mask: tid };
  return epc === undefined ? {} : { ...code, maskAt: EPC_BIT, mask: epc, epc };
}

/** What templates may say of a Select that is sent in place of the tag's own; its mask may have no bits. */
export function preselectValues(profile: ByteProfile, { bank, bit, bits, mask }: Preselect): TemplateValues {
  const maskBank = bankCode(profile, bank);
  return { maskAt: bit, maskBits: bits, mask, ...(maskBank === undefined ? {} : { maskBank }) };
}

/** By what a reader can hold one tag. */
export function selectable(profile: ByteProfile): readonly ('epc' | 'tid')[] {
  const { access, commands } = profile;
  if (access === undefined) return [];
  if (access.alone === true) return ['epc', 'tid'];
  const holder = commands.select ?? commands.readMemory;
  const texts = holder === undefined ? [] : [holder.send, ...Object.values(holder.by ?? {})];
  if (!texts.some((text) => text.includes('{mask:hex}'))) {
    return texts.some((text) => text.includes('{epc:hex}')) ? ['epc'] : [];
  }
  return (['epc', 'tid'] as const).filter((bank) => bankCode(profile, bank) !== undefined);
}

/** Whether any way to say the operations names the value. */
export function says({ commands }: ByteProfile, value: string, ...operations: Operation[]): boolean {
  return operations.some((operation) => {
    const { send = '', by = {} } = commands[operation] ?? {};
    return [send, ...Object.values(by)].some((text) => text.includes(`{${value}:`));
  });
}
