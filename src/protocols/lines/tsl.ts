import { bytesOf } from '../bytes/hex.ts';
import { readTagBlock } from '../bytes/tag-block.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import type { LineDecoder } from './line-decoder.ts';
import { giveGroups } from './tag-line.ts';

/** Most lines of one group; a reader that never ends one cannot make the gateway grow. */
const LONGEST_GROUP = 20_000;

type Tag = { EP: string; RI?: string; PC?: string; CR?: string };
type Group = { readonly command: string; readonly tags: Tag[]; readonly fields: Record<string, string>; lines: number };

const ERRORS: Readonly<Record<string, { error: string; routine: boolean }>> = {
  '005': { error: 'noTag', routine: true },
};

/**
 * TSL ASCII 2: a group counts only if it begins with CS and ends with OK or ER; what else comes in between is dropped,
 * told as PARTIAL_GROUP. There is no checksum, so a tag's own CRC is tested where it is reported.
 */
export function createTslDecoder(context: DecodeContext): LineDecoder {
  let group: Group | null = null;
  const drop = (sink: Sink) => {
    if (group !== null) tellPartial(group, sink);
    group = null;
  };
  const close = (name: string, code: string, receivedAt: number, sink: Sink) => {
    if (group === null) tellOutside(name, code, sink);
    else tellGroup(group, name === 'OK', code, receivedAt, context, sink);
    group = null;
  };
  return {
    line: (text, receivedAt, sink) => {
      const head = /^([A-Z]{2}):\s?/.exec(text);
      const name = head?.[1] ?? '';
      const value = text.slice(head?.[0].length ?? 0);
      if (name === 'CS') {
        drop(sink);
        group = { command: value, tags: [], fields: {}, lines: 0 };
      } else if (name === 'OK' || name === 'ER') close(name, value, receivedAt, sink);
      else if (group === null) tellOutside(name, value, sink);
      else if (!addTo(group, name, value)) drop(sink);
    },
    end: drop,
  };
}

function addTo(group: Group, name: string, value: string): boolean {
  group.lines += 1;
  const last = group.tags.at(-1);
  if (name === 'EP') group.tags.push({ EP: value });
  else if (last !== undefined && (name === 'RI' || name === 'PC' || name === 'CR')) last[name] = value;
  else group.fields[name] = value;
  return group.lines <= LONGEST_GROUP;
}

function tellPartial({ command }: Group, sink: Sink): void {
  sink.bad('PARTIAL_GROUP', Buffer.from(`CS: ${command}`, 'latin1'), 0);
}

/** A pulled trigger comes unasked; everything else outside a group is the rest of one that began before we listened. */
function tellOutside(name: string, value: string, sink: Sink): void {
  if (name !== 'SW') sink.bad('PARTIAL_GROUP', Buffer.from(`${name}: ${value}`, 'latin1'), 0);
  else sink.event({ name: 'switch', at: null, seq: null, online: null, detail: { state: value } });
}

function tellGroup(
  { command, tags, fields }: Group,
  ok: boolean,
  code: string,
  receivedAt: number,
  context: DecodeContext,
  sink: Sink,
): void {
  for (const [index, tag] of tags.entries()) {
    const problem = giveTag(tag, receivedAt, context, sink);
    if (problem !== null) sink.bad(problem, Buffer.from(`EP: ${tag.EP}`, 'latin1'), index);
  }
  const { BC: barcode } = fields;
  if (barcode !== undefined) {
    sink.event({ name: 'barcode', at: null, seq: null, online: null, detail: { barcode } });
  }
  const known = ok ? null : (ERRORS[code] ?? { error: 'internal', routine: false });
  const identity = [fields['MF'], fields['US'], fields['UF']].filter((part) => part !== undefined).join(' ');
  const shown = identity === '' ? {} : { identity };
  sink.answer({
    command,
    ok,
    error: known?.error ?? null,
    routine: known?.routine ?? false,
    fields: { ...fields, ...shown, ...namesOf(tags), ...(ok ? {} : { code }) },
  });
}

/** How many tags answered, and the first of them. */
function namesOf(tags: readonly Tag[]): Readonly<Record<string, string | number>> {
  const [first] = tags;
  return first === undefined ? {} : { tags: tags.length, epc: first.EP.toUpperCase() };
}

function giveTag({ EP, RI, PC, CR }: Tag, receivedAt: number, context: DecodeContext, sink: Sink): string | null {
  if (PC !== undefined && CR !== undefined && /^([0-9A-F]{2})+$/.test(PC + EP + CR)) {
    const block = readTagBlock(bytesOf(PC + EP + CR), true, true);
    if (!block.ok) return block.reason;
  }
  return giveGroups({ epc: EP, rssi: RI, pc: PC }, {}, receivedAt, context, sink);
}
