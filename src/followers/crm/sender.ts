import type { OutboxRow } from '../../journal/index.ts';
import type { Clock } from '../../kit/index.ts';
import { batchId, batchText } from './message.ts';
import type { Destination } from './options.ts';
import { openPost } from './post.ts';
import { createSigner } from './signature.ts';
import { judge, type Verdict } from './verdict.ts';

export type Sender = {
  /** Signs and posts one batch and judges the answer. Null when the connection was closed by `close` meanwhile. */
  send(rows: readonly OutboxRow[]): Promise<Verdict | null>;
  close(): Promise<void>;
};

export type SenderOptions = {
  readonly source: string;
  readonly userAgent: string;
  readonly inFlight: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
};

/** Throws SECRET_MISSING, CONFIG_INVALID. */
export function createSender(destination: Destination, options: SenderOptions): Sender {
  const { source, userAgent, inFlight, timeoutMs, clock } = options;
  const sign = createSigner(destination.secret);
  const post = openPost(destination, inFlight, timeoutMs, clock);
  let closed = false;
  const send = async (rows: readonly OutboxRow[]): Promise<Verdict | null> => {
    const body = batchText(rows, source);
    const id = batchId(rows);
    const at = clock.now();
    const answer = await post.send(body, {
      'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      'user-agent': userAgent,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': sign(id, at, body),
    });
    return closed && answer.kind === 'error' ? null : judge(answer, rows.length, clock.now());
  };
  const close = () => {
    closed = true;
    return post.close();
  };
  return { send, close };
}
