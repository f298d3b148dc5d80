// A complete receiver for Silentgate's deliveries. Needs Node.js 20 or newer and nothing else.
//   CRM_SECRET=whsec_… PORT=3000 node crm-receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.CRM_SECRET ?? '';
if (secret === '') throw new Error('set CRM_SECRET to the text that the gateway has');
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');

// In your system: a table with a unique key on the id, written in the same transaction as the effect.
const taken = new Set();

function handle(event) {
  const { item, customer } = event.data;
  process.stdout.write(`${event.type} ${event.subject} ${item?.location ?? customer?.id ?? ''}\n`);
}

function verified(headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!id || !/^\d+$/.test(timestamp ?? '')) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

async function bodyOf(request, limit = 4 * 1024 * 1024) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function statusOf(request) {
  if (request.method !== 'POST' || request.url !== '/hooks/rfid') return 404;
  const body = await bodyOf(request);
  if (body === null) return 413;
  if (!verified(request.headers, body)) return 401; // before the body is parsed
  for (const event of JSON.parse(body)) {
    if (taken.has(event.id)) continue; // delivered before: no second effect
    handle(event);
    taken.add(event.id);
  }
  return 204; // only now: what was answered with 2xx is never sent again
}

const server = createServer((request, response) => {
  void statusOf(request)
    .catch((error) => {
      process.stderr.write(`${error}\n`);
      return 500; // the gateway tries again later
    })
    .then((status) => response.writeHead(status).end());
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${server.address().port}/hooks/rfid\n`);
});
