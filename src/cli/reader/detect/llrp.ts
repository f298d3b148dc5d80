import { GatewayError } from '../../../kit/index.ts';
import { browseMdns, type LinkDeps, tapTcp } from '../../../links/index.ts';
import {
  LLRP_PORT,
  LLRP_TLS_PORT,
  type LlrpFinding,
  llrpReaders,
  probeLlrp,
  readSubnet,
  scanLlrp,
  yamlOf,
} from '../../../readers/index.ts';
import type { Report, Search } from './search.ts';

const WAIT_MS = 1_500;
const MOST_UNASKED_BITS = 22;
const service = '_llrp._tcp.local';

type Looking = Parameters<typeof probeLlrp>[1];

/** Finds LLRP readers by their own announcement, at the addresses of a subnet, or both. */
export async function findLlrp({ flags, deps, profiles }: Search): Promise<Report> {
  const looking: Looking = { profiles, clock: deps.clock, waitMs: WAIT_MS, dial: dialer(deps) };
  const announced = flags.mdns === true ? await announcedReaders(looking, flags.seconds * 1000) : [];
  const scanned = flags.scan === undefined ? [] : await scannedReaders(looking, flags.scan, flags.yes === true);
  const all = new Map([...announced, ...scanned].map((finding) => [`${finding.host}:${finding.port}`, finding]));
  const findings = [...all.values()];
  return {
    lines: findings.length === 0 ? ['No LLRP reader was found.'] : findings.map(line),
    yaml: yamlOf(llrpReaders(findings)),
    data: { llrp: findings },
    readers: findings.length,
  };
}

function dialer(deps: LinkDeps): Looking['dial'] {
  return ({ host, port }, events, signal) =>
    // Who the reader is, is what is looked for: its certificate is not known yet.
    tapTcp({ host, port, ...(port === LLRP_TLS_PORT ? { tls: { verify: false } } : {}) }, events, signal, deps);
}

async function announcedReaders(looking: Looking, ms: number): Promise<LlrpFinding[]> {
  const services = await browseMdns({ service, ms, clock: looking.clock });
  const places = services.map(({ host, port, addresses }) => ({ host: addresses[0] ?? host, port }));
  const found = await Promise.all(places.map((place) => probeLlrp(place, looking)));
  return found.filter((finding) => finding !== null);
}

/** Only what somebody named, and many addresses only when they say so twice. */
function scannedReaders(looking: Looking, subnet: string, isMeant: boolean): Promise<LlrpFinding[]> {
  const { bits, hosts } = readSubnet(subnet);
  if (bits < MOST_UNASKED_BITS && !isMeant) {
    throw new GatewayError(
      'REQUEST_INVALID',
      `${subnet} has ${hosts.length} addresses: add --yes if all of them are yours to be asked.`,
    );
  }
  return scanLlrp(hosts, [LLRP_PORT, LLRP_TLS_PORT], looking);
}

function line({ host, port, profile, identity, isTaken }: LlrpFinding): string {
  if (isTaken) return `${host}:${port}: an LLRP reader that another program is connected to`;
  return `${host}:${port}: ${profile}${identity === null ? '' : ` "${identity}"`}`;
}
