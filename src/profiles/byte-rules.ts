import type { Problem } from '../kit/index.ts';
import {
  type ByteProfile,
  type Command,
  checkSize,
  compileTemplate,
  type Framing,
  type Operation,
  type Report,
} from '../protocols/index.ts';

/** What a schema cannot say of a byte profile: templates parse, sizes agree, what the session uses is there. */
export function byteProfileProblems(profile: ByteProfile): Problem[] {
  return [
    ...Object.entries(profile.commands).flatMap(([name, command]) => templateProblems(name, command)),
    ...profile.framing.flatMap(framingProblems),
    ...sessionProblems(profile),
    ...preselectProblems(profile),
    ...powerProblems(profile),
    ...reportProblems(profile),
  ];
}

/** The members of a read that a report can fill; `pcEpc` and `pcEpcCrc` fill epc and pc whatever they are called. */
const readMembers = ['epc', 'uid', 'pc', 'rssi', 'antenna', 'count', 'frequencyKhz', 'phaseDeg', 'tid', 'seq'];

function reportProblems({ reports }: ByteProfile): Problem[] {
  return reports.flatMap((report, r) => {
    const used = new Set([...readMembers, ...namesUsed(report)]);
    const lists = [
      { at: `/reports/${r}/fields`, fields: report.fields },
      { at: `/reports/${r}/each/fields`, fields: report.each?.fields ?? [] },
    ];
    return lists.flatMap(({ at, fields }) =>
      fields.flatMap(({ name, type }, f) =>
        used.has(name) || ['skip', 'pcEpc', 'pcEpcCrc'].includes(type)
          ? []
          : [{ pointer: `${at}/${f}/name`, found: name, allowed: `one of ${readMembers.join(', ')}` }],
      ),
    );
  });
}

/** Names that say where another field ends, whether it is there, or how many tags follow. */
function namesUsed({ fields, each }: Report): string[] {
  const all = [...fields, ...(each?.fields ?? [])];
  const named = all.flatMap(({ when, bytesFrom, bitsFrom, minus, butLast, encloses, name }) => {
    const last = typeof butLast === 'string' ? butLast : undefined;
    return [when?.field, bytesFrom, bitsFrom, minus, last, encloses === true ? name : undefined];
  });
  return [...named, each?.count].filter((name) => name !== undefined);
}

function templateProblems(name: string, { send, by = {} }: Command): Problem[] {
  const said = [['send', send], ...Object.entries(by).map(([form, text]) => [`by/${form}`, text])] as const;
  return said
    .filter(([, text = '']) => compileTemplate(text) === null)
    .map(([at, found]) => ({
      pointer: `/commands/${name}/${at}`,
      found,
      allowed: 'hex bytes and fields such as {power:u16be*100}',
    }));
}

function framingProblems(framing: Framing, index: number): Problem[] {
  const at = `/framing/${index}`;
  const problems = [...sizeProblems(framing, at), ...checkProblems(framing, at)];
  const { start, startToReader = start, guards = [], minimum } = framing;
  for (const [i, guard] of guards.entries()) {
    if (guard.at < minimum) continue;
    problems.push({ pointer: `${at}/guards/${i}/at`, found: guard.at, allowed: 'a byte of the smallest frame' });
  }
  if (hexSize(startToReader) !== hexSize(start)) {
    problems.push({
      pointer: `${at}/startToReader`,
      found: startToReader,
      allowed: `as many bytes as start, ${hexSize(start)}`,
    });
  }
  return problems;
}

/** Each byte may begin a frame that has no start bytes: a large one would be tested at each of them. */
const LARGEST_WITHOUT_START = 1_024;

function sizeProblems({ start, length, minimum, maximum }: Framing, at: string): Problem[] {
  const problems: Problem[] = [];
  if (start === undefined && maximum > LARGEST_WITHOUT_START) {
    const allowed = `at most ${LARGEST_WITHOUT_START} without start bytes`;
    problems.push({ pointer: `${at}/maximum`, found: maximum, allowed });
  }
  if (maximum < minimum) {
    problems.push({ pointer: `${at}/maximum`, found: maximum, allowed: `at least the minimum, ${minimum}` });
  }
  if (length === undefined) {
    if (maximum > minimum)
      problems.push({ pointer: `${at}/maximum`, found: maximum, allowed: `${minimum}: no length` });
    return problems;
  }
  const least = length.at + length.size;
  if (minimum < least) {
    problems.push({
      pointer: `${at}/minimum`,
      found: minimum,
      allowed: `at least ${least}, the end of the length field`,
    });
  }
  const startSize = hexSize(start);
  if (length.at < startSize) {
    problems.push({
      pointer: `${at}/length/at`,
      found: length.at,
      allowed: `after the start bytes, at least ${startSize}`,
    });
  }
  return problems;
}

function checkProblems({ checks, minimum }: Framing, at: string): Problem[] {
  const inside = (offset: number) => offset >= -minimum && offset <= minimum;
  return checks.flatMap((check, i) => {
    const size = checkSize(check);
    const ends = check.at < 0 ? check.at + size <= 0 : check.at + size <= minimum;
    if (inside(check.at) && inside(check.from) && inside(check.to) && ends) return [];
    return [{ pointer: `${at}/checks/${i}`, found: check.at, allowed: 'offsets inside the smallest frame' }];
  });
}

function sessionProblems({ session, commands, access }: ByteProfile): Problem[] {
  const problems: Problem[] = [];
  if (commands.startInventory === undefined && session.style !== 'listen') {
    problems.push({
      pointer: '/commands',
      found: Object.keys(commands),
      allowed: 'a startInventory, the session needs it',
    });
  }
  if (session.style === 'countLimited' && session.rounds === undefined) {
    problems.push({ pointer: '/session', found: session, allowed: 'rounds, because the style is countLimited' });
  }
  if ((session.style === 'rounds') !== (session.round !== undefined)) {
    problems.push({
      pointer: '/session/round',
      found: session.style,
      allowed: 'a round with style rounds, and only then',
    });
  }
  const steps = {
    '/session': [...(session.setUp ?? []), ...(session.round ?? []).map(({ operation }) => operation)],
    '/session/filter': session.filter ?? [],
    '/access': [...(access?.before ?? []), ...(access?.after ?? [])],
  };
  return [...problems, ...Object.entries(steps).flatMap(([at, operations]) => undescribed(at, operations, commands))];
}

/** A model that takes a command of its family away must not name it anywhere. */
function undescribed(pointer: string, operations: readonly Operation[], commands: ByteProfile['commands']): Problem[] {
  return operations
    .filter((operation) => commands[operation] === undefined)
    .map((found) => ({ pointer, found, allowed: 'an operation that commands describes' }));
}

/** Without the name of the tag in the answer, another's sensor could be told for the one that is meant. */
function preselectProblems({ access, commands }: ByteProfile): Problem[] {
  const operations = access?.preselect;
  if (operations === undefined) return [];
  const pointer = '/access/preselect';
  const fields = commands.readMemory?.answer?.fields ?? [];
  const isNamed = fields.some(({ name, type }) => name === 'epc' || type === 'pcEpc');
  const unnamed = { pointer, found: operations, allowed: 'only where the answer to readMemory has the EPC' };
  const unmasked = { pointer, found: operations, allowed: 'only where banks has the user bank' };
  return [
    ...undescribed(pointer, operations, commands),
    ...(isNamed ? [] : [unnamed]),
    ...(access?.banks?.user === undefined ? [unmasked] : []),
  ];
}

function powerProblems({ power }: ByteProfile): Problem[] {
  if (power.minDbm <= power.maxDbm) return [];
  return [{ pointer: '/power/minDbm', found: power.minDbm, allowed: `at most maxDbm, ${power.maxDbm}` }];
}

function hexSize(hex: string | undefined): number {
  return hex === undefined ? 0 : hex.replaceAll(' ', '').length / 2;
}
