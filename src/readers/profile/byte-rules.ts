import type { Problem } from '../../kit/index.ts';
import { compileTemplate } from '../bytes/template.ts';
import type { ByteProfile, Framing } from './byte-profile.ts';

/** What a schema cannot say of a byte profile: templates parse, sizes agree, what the session uses is there. */
export function byteProfileProblems(profile: ByteProfile): Problem[] {
  return [
    ...Object.entries(profile.commands).flatMap(([name, command]) => templateProblem(name, command.send)),
    ...profile.framing.flatMap(framingProblems),
    ...sessionProblems(profile),
    ...powerProblems(profile),
    ...reportProblems(profile),
  ];
}

/** The members of a read that a report can fill; `pcEpc` and `pcEpcCrc` fill epc and pc whatever they are called. */
const readMembers = ['rssi', 'antenna', 'count', 'frequencyKhz', 'phaseDeg', 'tid', 'seq'];

function reportProblems({ reports }: ByteProfile): Problem[] {
  const named = (type: string) => type !== 'skip' && type !== 'pcEpc' && type !== 'pcEpcCrc';
  return reports.flatMap(({ fields }, r) =>
    fields.flatMap(({ name, type }, f) =>
      named(type) && !readMembers.includes(name)
        ? [{ pointer: `/reports/${r}/fields/${f}/name`, found: name, allowed: `one of ${readMembers.join(', ')}` }]
        : [],
    ),
  );
}

function templateProblem(name: string, send: string): Problem[] {
  if (compileTemplate(send) !== null) return [];
  return [
    { pointer: `/commands/${name}/send`, found: send, allowed: 'hex bytes and fields such as {power:u16be*100}' },
  ];
}

function framingProblems(framing: Framing, index: number): Problem[] {
  const at = `/framing/${index}`;
  const problems: Problem[] = [];
  const least = framing.length.at + framing.length.size;
  if (framing.minimum < least) {
    problems.push({
      pointer: `${at}/minimum`,
      found: framing.minimum,
      allowed: `at least ${least}, the end of the length field`,
    });
  }
  if (framing.maximum < framing.minimum) {
    problems.push({
      pointer: `${at}/maximum`,
      found: framing.maximum,
      allowed: `at least the minimum, ${framing.minimum}`,
    });
  }
  const startSize = hexSize(framing.start);
  if (framing.length.at < startSize) {
    problems.push({
      pointer: `${at}/length/at`,
      found: framing.length.at,
      allowed: `after the start bytes, at least ${startSize}`,
    });
  }
  for (const [i, check] of framing.checks.entries()) {
    const size = check.algorithm === 'crc16' ? 2 : 1;
    const inside = (offset: number) => offset >= -framing.minimum && offset < framing.minimum;
    if (!inside(check.at) || !inside(check.from) || !inside(check.to) || (check.at < 0 && check.at + size > 0)) {
      problems.push({ pointer: `${at}/checks/${i}`, found: check.at, allowed: 'offsets inside the smallest frame' });
    }
  }
  return problems;
}

function sessionProblems({ session, commands }: ByteProfile): Problem[] {
  const problems: Problem[] = [];
  if (commands.startInventory === undefined) {
    problems.push({
      pointer: '/commands',
      found: Object.keys(commands),
      allowed: 'a startInventory, the session needs it',
    });
  }
  if (session.style === 'countLimited' && session.rounds === undefined) {
    problems.push({ pointer: '/session', found: session, allowed: 'rounds, because the style is countLimited' });
  }
  return problems;
}

function powerProblems({ power }: ByteProfile): Problem[] {
  if (power.minDbm <= power.maxDbm) return [];
  return [{ pointer: '/power/minDbm', found: power.minDbm, allowed: `at most maxDbm, ${power.maxDbm}` }];
}

function hexSize(hex: string | undefined): number {
  return hex === undefined ? 0 : hex.replaceAll(' ', '').length / 2;
}
