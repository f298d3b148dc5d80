import type { ByteProfile, Operation } from '../../protocols/index.ts';
import type { Conversation } from './conversation.ts';
import { replyOf } from './reply.ts';

type Fields = Readonly<Record<string, string | number>>;

/** The commands by which a reader says what it is, and the fields of their answers that are told. */
const asked: readonly Operation[] = [
  'getReaderInfo',
  'getFirmware',
  'getMaker',
  'getSerialNumber',
  'getRegion',
  'getPower',
];
const told = ['model', 'maker', 'firmware', 'hardware', 'serial', 'region', 'power'] as const;

/** Everything that the reader says of itself; rejects as `ask` does when it does not say even what it is. */
export async function askIdentity(profile: ByteProfile, talk: Conversation, signal: AbortSignal): Promise<Fields> {
  const { fields } = await talk.ask('identify');
  let all: Readonly<Record<string, unknown>> = { ...fields, ...modelOf(fields) };
  for (const operation of asked) {
    if (profile.commands[operation]?.answer?.fields === undefined) continue;
    const reply = await replyOf(signal, () => talk.ask(operation));
    if (reply.ok) all = { ...all, ...reply.value.fields };
  }
  return Object.fromEntries(
    told.flatMap((name) => {
      const value = name === 'region' ? regionName(profile, all[name]) : all[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}

/** A text that is all there is names the model. */
function modelOf({ model, text }: Readonly<Record<string, unknown>>) {
  return model === undefined && text !== undefined ? { model: text } : {};
}

/** The profile's name of a region's code; the code itself where it has none. */
function regionName({ regions }: ByteProfile, code: unknown): unknown {
  return Object.entries(regions).find(([, region]) => region.code === code)?.[0] ?? code;
}
