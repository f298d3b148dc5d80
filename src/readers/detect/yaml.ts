import type { Profile } from '../../profiles/index.ts';
import { LLRP_TLS_PORT, type LlrpFinding } from './llrp.ts';
import type { SerialFinding } from './serial.ts';
import type { TopicFinding } from './topics.ts';

type Reader = { readonly profile: string; readonly link: Readonly<Record<string, unknown>> };

/** Lines for the configuration's `readers`, with ids and read points to be put right by hand; empty for no reader. */
export function yamlOf(readers: readonly Reader[]): string {
  if (readers.length === 0) return '';
  const lines = readers.map(({ profile, link }, i) => {
    const name = (profile.split('/')[1] ?? 'reader').replaceAll(/[^a-z0-9]+/gi, '-');
    return `  - { id: ${name}-${i + 1}, profile: ${profile}, link: ${flow(link)}, antennas: { 1: READ_POINT } }`;
  });
  return ['readers:', ...lines].join('\n');
}

/** The readers of serial ports. The speed is only written where it is not the one that is tried first anyway. */
export function serialReaders(
  findings: readonly (SerialFinding & { readonly byId: string | null })[],
  profiles: readonly Profile[],
): Reader[] {
  return findings.flatMap(({ path, byId, found }) => {
    if (found === null) return [];
    const profile = profiles.find(({ id }) => id === found.profile);
    const first = profile?.kind === 'bytes' || profile?.kind === 'lines' ? profile.port.baud[0] : undefined;
    const speed = found.baudRate === first ? {} : { baudRate: found.baudRate };
    return [{ profile: found.profile, link: { serial: { path: byId ?? path, ...speed } } }];
  });
}

/** The readers behind topics: those with reads, each with the status topic that is nearest to it by name. */
export function topicReaders(findings: readonly TopicFinding[]): Reader[] {
  const statuses = findings.filter(({ understood }) => understood.every(({ reads }) => reads === 0));
  return findings.flatMap(({ topic, understood: [best] }) => {
    if (best === undefined || best.reads === 0) return [];
    const near = statuses
      .filter(({ understood }) => understood.some(({ profile }) => profile === best.profile))
      .filter((status) => sharedLevels(status.topic, topic) > 0)
      .sort((a, b) => sharedLevels(b.topic, topic) - sharedLevels(a.topic, topic))[0];
    const status = near === undefined ? {} : { statusTopic: near.topic };
    return [{ profile: best.profile, link: { mqtt: { topic, ...status } } }];
  });
}

/** The LLRP readers of addresses. */
export function llrpReaders(findings: readonly LlrpFinding[]): Reader[] {
  return findings.map(({ profile, host, port }) => {
    const tls = port === LLRP_TLS_PORT ? { tls: { verify: false } } : {};
    return { profile, link: { tcp: { host, port, ...tls } } };
  });
}

function sharedLevels(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const differs = left.findIndex((level, i) => level !== right[i]);
  return differs === -1 ? left.length : differs;
}

function flow(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value).map(([key, inner]) => {
    if (typeof inner === 'object' && inner !== null)
      return `${key}: ${flow(inner as Readonly<Record<string, unknown>>)}`;
    return `${key}: ${typeof inner === 'string' ? JSON.stringify(inner) : String(inner)}`;
  });
  return `{ ${members.join(', ')} }`;
}
