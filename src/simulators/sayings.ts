import {
  type ByteProfile,
  bytesOf,
  compileFraming,
  hexOf,
  layOut,
  type Operation,
  opcodeIn,
  opcodeOf,
  type Report,
  readFields,
  type Values,
  writeFields,
} from '../protocols/index.ts';
import type { SimulatedTag } from './simulator.ts';
import type { TagAnswer } from './tag-memory.ts';

/** What a simulated device can say, as bodies of frames; null where the family has no such word. */
export type Sayings = ReturnType<typeof compileSayings>;

/** Compiles the device's vocabulary from its profile. */
export function compileSayings(profile: ByteProfile) {
  const { errors, reports } = profile;
  const [report] = reports;
  const codeOf = compileCodes(profile);
  // A family without a word for an empty field says nothing in it; an error of commands would be a complaint.
  const saysNoTag = Object.values(errors.codes).some(({ error, count }) => error === 'noTag' && count === true);
  const errorBody = (neutral: TagError | 'parameter', opcode: string) => {
    const code = codeOf(neutral) ?? 'FF'.repeat(errors.codeBytes ?? 1);
    if (errors.body === undefined) return bytesOf((errors.match.is ?? '') + code);
    return bytesOf(errors.body.replaceAll('{op}', opcode).replaceAll('{code}', code));
  };
  const opcode = (operation: Operation) => opcodeOf(profile, operation) ?? '00';
  const opcodeAt = bodyPlace(profile, 'toReader', profile.opcode.at);
  const answers = compileAnswers(profile);
  return {
    /** An empty field, as a reader that never ends its inventory tells it. */
    noTag: emptyField(profile, saysNoTag ? () => errorBody('noTag', opcode('startInventory')) : null),
    refusal: (body: Uint8Array) => errorBody('parameter', hexOf(body.subarray(opcodeAt, opcodeAt + 1))),
    error: (operation: Operation, error: TagError) => errorBody(error, opcode(operation)),
    /** The typical answer, with the values in it that are given. */
    answer: (operation: Operation, values: Values = {}) => answers[operation]?.(values) ?? null,
    ending: ({ example }: { readonly example: string }) => bytesOf(example),
    report: (tag: SimulatedTag) => (report === undefined ? null : reportBody(report, [tag])),
    /** The report by which an operation of its own tells tags; null where it has none. */
    reportOf: (operation: Operation, tags: readonly SimulatedTag[]) => {
      const own = reports.find(({ match }) => opcodeIn(match, profile.opcode.at) === opcode(operation));
      return own === undefined ? null : reportBody(own, tags);
    },
    booted: profile.session.boot === undefined ? null : bytesOf(profile.session.boot),
  };
}

type TagError = Extract<TagAnswer, { ok: false }>['error'];

/** What a family says where it has no word for an error of a tag. */
const related: Readonly<Record<TagError | 'parameter', readonly string[]>> = {
  noTag: ['noTag', 'tag', 'internal'],
  locked: ['locked', 'badPassword', 'tag', 'internal'],
  badPassword: ['badPassword', 'locked', 'tag', 'internal'],
  memory: ['memory', 'parameter', 'tag', 'internal'],
  tag: ['tag', 'internal'],
  parameter: ['parameter'],
};

function compileCodes({ errors }: ByteProfile): (neutral: TagError | 'parameter') => string | null {
  // A code that is written out comes before one with a question mark, for which any digit will do.
  const codes = Object.entries(errors.codes).sort(([a], [b]) => Number(a.includes('?')) - Number(b.includes('?')));
  return (neutral) => {
    for (const word of related[neutral]) {
      const code = codes.find(([, row]) => row.error === word)?.[0];
      if (code !== undefined) return code.replaceAll('?', 'A');
    }
    return null;
  };
}

type Answers = Partial<Record<Operation, (values: Values) => Uint8Array>>;

function compileAnswers(profile: ByteProfile): Answers {
  const head = bodyPlace(profile, 'fromReader', profile.framing[0]?.payload.from ?? 0);
  const answers: Answers = {};
  for (const [operation, { answer }] of Object.entries(profile.commands)) {
    if (answer === undefined) continue;
    const { example, fields = [], status } = answer;
    const typical = bytesOf(example);
    const shown: Values = status === undefined ? {} : { result: Number.parseInt(status.ok, 16) };
    readFields(layOut(fields), { bytes: typical.subarray(head), at: 0 }, shown);
    answers[operation as Operation] = (values) =>
      fields.some(
        ({ name, type }) => values[name] !== undefined || (type.startsWith('pcEpc') && values['epc'] !== undefined),
      )
        ? Uint8Array.from([...typical.subarray(0, head), ...writeFields(fields, { ...shown, ...values })])
        : typical;
  }
  return answers;
}

/** Where in a body a byte of the frame stands. */
function bodyPlace({ framing }: ByteProfile, direction: 'toReader' | 'fromReader', at: number): number {
  const [first] = framing;
  if (first === undefined) return 0;
  const numbered = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  return Math.max(0, (compileFraming(first, direction).build(numbered)[at] ?? 1) - 1);
}

function emptyField({ session }: ByteProfile, byError: (() => Uint8Array) | null): Uint8Array | null {
  if (session.style === 'rounds' || session.style === 'listen') return null;
  if (session.empty !== undefined) return bytesOf(session.empty);
  return byError === null ? null : byError();
}

function reportBody(report: Report, tags: readonly SimulatedTag[]): Uint8Array {
  const { match, head, tail = '', fields, each } = report;
  const all = tags.map((tag) => valuesOf(report, tag));
  const [first = {}] = all;
  const outer = each?.count === undefined ? first : { ...first, [each.count]: tags.length };
  const inner =
    each === undefined ? [] : all.flatMap((one) => [...writeFields(each.fields, { ...flagsOf(fields), ...one })]);
  return Uint8Array.from([
    ...bytesOf(head ?? match.is ?? ''),
    ...writeFields(fields, outer),
    ...inner,
    ...bytesOf(tail),
  ]);
}

function valuesOf({ idType = 'epc', idBytes = [] }: Report, tag: SimulatedTag): Values {
  return { [idType]: cardOf(tag.epc, idBytes), rssi: tag.rssi, antenna: tag.antenna, count: 1 };
}

/** The end of a number that is longer than a card's may be, as many bytes as it may have. */
function cardOf(id: string, sizes: readonly number[]): string {
  const bytes = id.length / 2;
  const fitting = sizes.filter((size) => size <= bytes);
  return fitting.length === 0 ? id : id.slice(-2 * Math.max(...fitting));
}

/** What the fields before the tags say of those in them. */
function flagsOf(fields: Report['fields']): Values {
  return Object.fromEntries(
    fields.flatMap(({ name, fill }) =>
      fill === undefined ? [] : [[name, Number.parseInt(fill.replaceAll(' ', ''), 16)]],
    ),
  );
}
