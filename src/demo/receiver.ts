import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { keysOf } from '../followers/index.ts';
import { type Clock, compile, GatewayError, type Static, Type } from '../kit/index.ts';
import { pageFiles } from './receiver-page.ts';

const CloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({ minLength: 1 }),
  source: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  time: Type.String(),
  data: Type.Unknown(),
});
const Batch = compile(Type.Array(CloudEvent, { maxItems: 1000 }));

/** An event as it arrived first. `receivedAt` is epoch ms. */
export type ReceivedEvent = Static<typeof CloudEvent> & { readonly receivedAt: number };

/** What the sample CRM got. `badSignatures` counts requests; the other counts are events. */
export type Received = {
  readonly total: number;
  readonly duplicates: number;
  readonly badSignatures: number;
  /** Newest first, at most 200. */
  readonly events: readonly ReceivedEvent[];
};

export type SampleReceiverOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly secret: string;
  readonly clock: Clock;
};

export type SampleReceiver = {
  /** Where the gateway POSTs to. */
  readonly url: string;
  /** Where a browser sees what arrived. */
  readonly pageUrl: string;
  received(): Received;
  close(): Promise<void>;
};

type Inbox = { total: number; duplicates: number; badSignatures: number; events: ReceivedEvent[]; ids: Set<string> };

const keptEvents = 200;
const keptIds = 100_000;
const bodyLimit = 4 * 1024 * 1024;
const toleranceSeconds = 300;
const hookPath = '/hooks/rfid';
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A CRM to look at: takes deliveries, verifies them, honours event ids and shows what arrived. Throws PORT_TAKEN, SECRET_MISSING. */
export async function startSampleReceiver(options: SampleReceiverOptions): Promise<SampleReceiver> {
  const webhooks = keysOf(options.secret).map((key) => new Webhook(key, { format: 'raw' }));
  const inbox: Inbox = { total: 0, duplicates: 0, badSignatures: 0, events: [], ids: new Set() };
  const server = createServer((request, response) => {
    void route(request, response, inbox, webhooks, options.clock).catch(() => response.destroy());
  });
  await listen(server, options.host, options.port);
  const { port } = server.address() as AddressInfo;
  const base = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return {
    url: base + hookPath,
    pageUrl: `${base}/`,
    received: () => shown(inbox),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  inbox: Inbox,
  webhooks: readonly Webhook[],
  clock: Clock,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (path === hookPath) {
    const status = request.method === 'POST' ? await take(request, inbox, webhooks, clock) : 405;
    response.writeHead(status).end();
    return;
  }
  const file = pageFiles.get(path);
  if (request.method !== 'GET') response.writeHead(405).end();
  else if (path === '/received') respond(response, 'application/json', JSON.stringify(shown(inbox)));
  else if (file !== undefined) respond(response, file.type, file.text);
  else response.writeHead(404).end();
}

function respond(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { ...pageHeaders, 'content-type': `${type}; charset=utf-8` }).end(text);
}

/** Verify, then parse, then keep each id once, then 202: the order that every receiver should have. */
async function take(
  request: IncomingMessage,
  inbox: Inbox,
  webhooks: readonly Webhook[],
  clock: Clock,
): Promise<number> {
  const body = await readBody(request);
  if (body === null) return 413;
  if (!verified(request, body, webhooks, clock)) {
    inbox.badSignatures += 1;
    return 401;
  }
  const events = parsed(body);
  if (!Batch.fits(events)) return 400;
  for (const event of events) keep(inbox, { ...event, receivedAt: clock.now() });
  return 202;
}

function keep(inbox: Inbox, event: ReceivedEvent): void {
  if (inbox.ids.has(event.id)) {
    inbox.duplicates += 1;
    return;
  }
  inbox.ids.add(event.id);
  inbox.total += 1;
  inbox.events.unshift(event);
  inbox.events.length = Math.min(inbox.events.length, keptEvents);
  const [oldest] = inbox.ids;
  if (inbox.ids.size > keptIds && oldest !== undefined) inbox.ids.delete(oldest);
}

function verified(request: IncomingMessage, body: string, webhooks: readonly Webhook[], clock: Clock): boolean {
  const id = headerOf(request, 'webhook-id');
  const timestamp = headerOf(request, 'webhook-timestamp');
  const given = headerOf(request, 'webhook-signature').split(' ');
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(clock.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const at = new Date(Number(timestamp) * 1000);
  return webhooks.some((webhook) => given.some((text) => equal(text, webhook.sign(id, at, body))));
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > bodyLimit) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function shown({ total, duplicates, badSignatures, events }: Inbox): Received {
  return { total, duplicates, badSignatures, events };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken ? new GatewayError('PORT_TAKEN', `Port ${port} on ${host} is taken.`, { host, port }, error) : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
