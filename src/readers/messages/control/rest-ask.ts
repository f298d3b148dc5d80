import { GatewayError } from '../../../kit/index.ts';
import type { Rest, RestAnswer } from '../../../links/index.ts';
import type { Reply } from '../../commands/access.ts';
import type { CommandError } from '../../commands/result.ts';
import type { Ask } from './ask.ts';
import { filled } from './json.ts';

/** What the statuses of a reader's REST interface mean; `internal` where none is listed. */
const meanings: Readonly<Record<number, CommandError>> = {
  400: 'parameter',
  404: 'parameter',
  409: 'busy',
  422: 'parameter',
  503: 'busy',
};

/** Questions over a reader's REST interface; `values` fill the placeholders of the paths. */
export function createRestAsk(rest: Rest, values: Readonly<Record<string, string>>): Ask {
  return async (request, body = request.body): Promise<Reply<unknown>> => {
    const { method = 'GET', path = '/', already = [] } = request;
    try {
      return judged(await rest.request(method, String(filled(path, values)), body), already);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const lost = error.code === 'LINK_LOST';
      return { ok: false, error: lost ? 'offline' : 'timeout', sent: !lost };
    }
  };
}

function judged({ status, body }: RestAnswer, already: readonly string[]): Reply<unknown> {
  const ok = (status >= 200 && status < 300) || already.includes(String(status));
  return ok ? { ok: true, value: body } : { ok: false, error: meanings[status] ?? 'internal', sent: true };
}
