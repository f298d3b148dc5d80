import { GatewayError } from '../../../kit/index.ts';
import type { Rest, RestAnswer } from '../../../links/index.ts';
import type { Reply } from '../../commands/access.ts';
import type { CommandError } from '../../commands/result.ts';
import type { RestAsk } from './dialect.ts';

/** What the statuses of a reader's REST interface mean; `internal` where none is listed. */
const meanings: Readonly<Record<number, CommandError>> = {
  400: 'parameter',
  404: 'parameter',
  409: 'busy',
  422: 'parameter',
  503: 'busy',
};

/** Questions over a reader's REST interface. */
export function createRestAsk(rest: Rest): RestAsk {
  return async (method, path, body) => {
    try {
      return judged(await rest.request(method, path, body));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const lost = error.code === 'LINK_LOST';
      return { ok: false, error: lost ? 'offline' : 'timeout', sent: !lost };
    }
  };
}

function judged({ status, body }: RestAnswer): Reply<unknown> {
  if (status >= 200 && status < 300) return { ok: true, value: body };
  return { ok: false, error: meanings[status] ?? 'internal', sent: true };
}
