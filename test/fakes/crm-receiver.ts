import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';

export type CloudEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: { readonly epcis: unknown; readonly item: unknown; readonly customer: unknown };
};

/** One POST as it arrived. `at` is wall time, epoch ms. */
export type Delivery = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly events: readonly CloudEvent[];
  readonly signed: boolean;
  readonly at: number;
};

/** How one POST is answered. Only a `status` of 2xx applies the events. */
export type Reply =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
      readonly afterMs?: number;
    }
  /** Applies the events, or not, and cuts the connection with RST. */
  | { readonly reset: 'before' | 'after' }
  /** Takes the request and never answers. */
  | { readonly hang: true }
  /** 2xx, 4xx or 5xx and then bytes without end. */
  | { readonly endless: number };

/** A CRM over real HTTP on 127.0.0.1 that honours event ids and answers as a test tells it. */
export type CrmReceiver = {
  readonly url: string;
  readonly port: number;
  /** Every POST, in the order of arrival. */
  readonly deliveries: readonly Delivery[];
  /** Effects: the first arrival of each id that was answered 2xx, in order. */
  effects(): readonly CloudEvent[];
  /** Event ids whose body was not the same every time. */
  readonly changed: readonly string[];
  /** POSTs that were open at the same time, at most. */
  mostAtOnce(): number;
  /** Bytes that an endless answer got rid of. */
  bytesSent(): number;
  answer(reply: (delivery: Delivery) => Reply): void;
  /** Waits until so many effects are there. */
  until(effects: number): Promise<void>;
  close(): Promise<void>;
};

const ok: Reply = { status: 202 };

/** `secret` as the destination has it; `port` 0 takes a free one; the same port again is a receiver that came back. */
export async function startCrmReceiver(secret: string, port = 0): Promise<CrmReceiver> {
  const webhook = new Webhook(secret);
  const deliveries: Delivery[] = [];
  const effects = new Map<string, CloudEvent>();
  const texts = new Map<string, string>();
  const changed: string[] = [];
  const sockets = new Set<Socket>();
  let reply: (delivery: Delivery) => Reply = () => ok;
  let open = 0;
  let most = 0;
  let sent = 0;

  const apply = ({ events }: Delivery) => {
    for (const event of events) if (!effects.has(event.id)) effects.set(event.id, event);
  };
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.on('close', () => {
      open -= 1;
    });
    void take(request, response).catch(() => response.destroy());
  });
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const events: CloudEvent[] = JSON.parse(body);
    for (const event of events) {
      const text = JSON.stringify(event);
      if ((texts.get(event.id) ?? text) !== text) changed.push(event.id);
      texts.set(event.id, text);
    }
    const delivery = { headers: request.headers, body, events, signed: signed(webhook, request, body), at: Date.now() };
    deliveries.push(delivery);
    await send(reply(delivery), response, {
      apply: () => apply(delivery),
      count: (bytes) => {
        sent += bytes;
      },
    });
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/hooks/rfid`,
    port: bound,
    deliveries,
    changed,
    effects: () => [...effects.values()],
    mostAtOnce: () => most,
    bytesSent: () => sent,
    answer: (next) => {
      reply = next;
    },
    until: async (count) => {
      while (effects.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Effects = { apply(): void; count(bytes: number): void };

async function send(how: Reply, response: ServerResponse, effects: Effects): Promise<void> {
  if ('hang' in how) return;
  if ('reset' in how) return cut(how.reset, response, effects);
  const status = 'endless' in how ? how.endless : how.status;
  if ('status' in how && how.afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, how.afterMs));
  if (status < 300) effects.apply();
  if ('endless' in how) return pour(response.writeHead(status), effects);
  response.writeHead(status, 'headers' in how ? how.headers : {}).end('body' in how ? how.body : '');
}

function cut(when: 'before' | 'after', response: ServerResponse, effects: Effects): void {
  if (when === 'after') effects.apply();
  (response.socket as Socket).resetAndDestroy();
}

async function pour(response: ServerResponse, effects: Effects): Promise<void> {
  const chunk = 'x'.repeat(16_384);
  const closed = new Promise((resolve) => response.once('close', resolve));
  while (!response.destroyed) {
    effects.count(chunk.length);
    if (response.write(chunk)) continue;
    await Promise.race([closed, new Promise((resolve) => response.once('drain', resolve))]);
  }
}

function signed(webhook: Webhook, request: IncomingMessage, body: string): boolean {
  const [id, timestamp] = [String(request.headers['webhook-id']), Number(request.headers['webhook-timestamp'])];
  const expected = webhook.sign(id, new Date(timestamp * 1000), body);
  return String(request.headers['webhook-signature']).split(' ').includes(expected);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
