import { isIP } from 'node:net';
import type { Problem } from '../kit/index.ts';
import type { ReaderLink } from './options.ts';

/** What the schema cannot say of a tcp link: who may dial in, and what TLS needs for it. */
export function tcpProblems({ tcp }: ReaderLink): Problem[] {
  if (tcp === undefined) return [];
  const { listen, from, tls } = tcp;
  const problems: Problem[] = [];
  if (from !== undefined && (listen !== true || isIP(from) === 0)) {
    problems.push({ pointer: '/link/tcp/from', found: from, allowed: 'an IP address, together with listen: true' });
  }
  if (tls === undefined) return problems;
  const { cert, key } = tls;
  if ((cert === undefined) !== (key === undefined) || (listen === true && cert === undefined)) {
    const allowed = 'cert and key together, and both of them where the device dials in';
    problems.push({ pointer: '/link/tcp/tls', found: Object.keys(tls).join(', '), allowed });
  }
  return problems;
}
