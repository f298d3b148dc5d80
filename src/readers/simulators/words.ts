import { bytesOf, hexOf } from '../bytes/hex.ts';
import type { Values } from '../bytes/layout.ts';
import { compileTemplate } from '../bytes/template.ts';
import { writeFields } from '../bytes/write-layout.ts';
import type { ByteProfile, Report } from '../profile/byte-profile.ts';
import type { SimulatedTag } from './simulator.ts';

/** What a simulated device can say, as bodies of frames; null where the family has no such word. */
export type Words = ReturnType<typeof compileWords>;

/** Compiles the device's vocabulary from its profile. */
export function compileWords(profile: ByteProfile) {
  const { errors, reports, commands } = profile;
  const [report] = reports;
  const opcodes = Object.entries(profile.opcode.names);
  const codes = Object.entries(errors.codes).filter(([code]) => !code.includes('?'));
  const codeOf = (neutral: string) => codes.find(([, row]) => row.error === neutral)?.[0];
  const errorBody = (neutral: string, opcode: string) => {
    const code = codeOf(neutral) ?? 'FF'.repeat(errors.codeBytes ?? 1);
    if (errors.body === undefined) return bytesOf((errors.match.is ?? '') + code);
    return bytesOf(errors.body.replaceAll('{op}', opcode).replaceAll('{code}', code));
  };
  const opcodeOf = (operation: string) => opcodes.find(([, name]) => name === operation)?.[0] ?? '00';
  const opcodeAt = placeOfOpcode(commands.startInventory?.send, opcodeOf('startInventory'));
  return {
    /** An empty field, as a reader that never ends its inventory tells it. */
    noTag: emptyField(
      profile,
      codeOf('noTag') === undefined ? null : () => errorBody('noTag', opcodeOf('startInventory')),
    ),
    /** What the reader says when it has begun anew. */
    booted: profile.session.boot === undefined ? null : bytesOf(profile.session.boot),
    refusal: (body: Uint8Array) => errorBody('parameter', hexOf(body.subarray(opcodeAt, opcodeAt + 1))),
    answer: (operation: string) => {
      const found = Object.entries(commands).find(([name]) => name === operation)?.[1].answer;
      return found === undefined ? null : bytesOf(found.example);
    },
    ending: ({ example }: { readonly example: string }) => bytesOf(example),
    report: (tag: SimulatedTag) => (report === undefined ? null : reportBody(report, tag)),
  };
}

function emptyField({ session }: ByteProfile, byError: (() => Uint8Array) | null): Uint8Array | null {
  if (session.style === 'rounds' || session.style === 'listen') return null;
  if (session.empty !== undefined) return bytesOf(session.empty);
  return byError === null ? null : byError();
}

/** Where the opcode stands in the body of a command. */
function placeOfOpcode(send: string | undefined, opcode: string): number {
  const { parts = [] } = compileTemplate(send ?? '') ?? {};
  const [first] = parts;
  return first !== undefined && 'bytes' in first ? Math.max(0, fixedBytes(send).indexOf(opcode)) : 0;
}

function fixedBytes(send = ''): string[] {
  return send.split('{')[0]?.replaceAll(' ', '').match(/../g) ?? [];
}

function reportBody({ match, head, fields, each, idType = 'epc' }: Report, tag: SimulatedTag): Uint8Array {
  const values: Values = { [idType]: tag.epc, rssi: tag.rssi, antenna: tag.antenna, count: 1 };
  const outer = each?.count === undefined ? values : { ...values, [each.count]: 1 };
  const inner = each === undefined ? [] : writeFields(each.fields, { ...flagsOf(fields), ...values });
  return Uint8Array.from([...bytesOf(head ?? match.is ?? ''), ...writeFields(fields, outer), ...inner]);
}

/** What the fields before the tags say of those in them. */
function flagsOf(fields: Report['fields']): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, fill }) =>
      fill === undefined ? [] : [[name, Number.parseInt(fill.replaceAll(' ', ''), 16)]],
    ),
  );
}
