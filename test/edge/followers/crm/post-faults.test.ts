import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { guardedLookup } from '../../../../src/followers/crm/address.ts';
import type { Destination } from '../../../../src/followers/crm/index.ts';
import { openPost } from '../../../../src/followers/crm/post.ts';
import { postFault } from '../../../../src/followers/crm/post-faults.ts';
import { judge } from '../../../../src/followers/crm/verdict.ts';
import { type Fault, fault, faultOf, said, sentenceOf, systemClock } from '../../../../src/kit/index.ts';
import { type Authority, createAuthority } from '../../../fakes/authority.ts';
import { freePort, listen } from '../../../fakes/listen.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
afterAll(() => authority.remove());

async function serve(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return port;
}

/** What one real POST to `url` comes to, as the fault that would be kept and shown. */
async function faultOfPost(url: string, more: Partial<Destination> = {}): Promise<Fault | null> {
  const { timeoutMs = 5000, ...destination } = more;
  const open = { id: 'main', url, secret: 'whsec_x', private: true, insecure: true, ...destination };
  const post = openPost(open, 1, timeoutMs, systemClock);
  closing.push(() => post.close());
  const verdict = judge(await post.send('[]', {}), 2, Date.now());
  return 'fault' in verdict ? verdict.fault : null;
}

const answering = (listener: RequestListener) => serve(createHttpServer(listener));
const https = ({ cert, key }: { cert: string; key: string }) =>
  serve(createHttpsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_, response) => response.end()));

describe('a delivery by a host’s name', () => {
  it('reaches this machine as localhost without a word in the configuration', async () => {
    const port = await answering((_, response) => response.end());
    expect(await faultOfPost(`http://localhost:${port}/`, { private: false })).toBeNull();
  });
});

describe('a delivery that is answered', () => {
  it('keeps the first 400 bytes of the answer, in however many pieces it comes', async () => {
    const port = await answering((_, response) => {
      response.write('a'.repeat(300));
      setTimeout(() => response.end('b'.repeat(300)), 50);
    });
    const open = { id: 'main', url: `http://127.0.0.1:${port}/`, secret: 'whsec_x' };
    const post = openPost(open, 1, 5000, systemClock);
    closing.push(() => post.close());
    expect(await post.send('[]', {})).toMatchObject({ kind: 'status', text: 'a'.repeat(300) + 'b'.repeat(100) });
  });

  it.each<[number, Fault]>([
    [301, fault('CRM_REDIRECT_TO', { status: 301, location: 'https://new.example/' })],
    [401, fault('CRM_SIGNATURE')],
    [403, fault('CRM_FORBIDDEN')],
    [404, fault('CRM_NOT_FOUND', {}, said('no way'))],
    [410, fault('CRM_GONE', {}, said('no way'))],
    [413, fault('CRM_TOO_LARGE', {}, said('no way'))],
    [422, fault('CRM_REFUSED', { status: 422 }, said('no way'))],
    [429, fault('CRM_TOO_MANY', {}, said('no way'))],
    [503, fault('CRM_SERVER_ERROR', { status: 503 }, said('no way'))],
    [600, fault('CRM_ODD_STATUS', { status: 600 }, said('no way'))],
  ])('with %i is a fault of its own', async (status, expected) => {
    const port = await answering((_, response) => {
      response.writeHead(status, { location: 'https://new.example/' }).end('no way');
    });
    expect(await faultOfPost(`http://127.0.0.1:${port}/`)).toEqual(expected);
    expect(sentenceOf(expected)).toContain(`HTTP ${status}`);
  });
});

describe('a delivery that is not answered', () => {
  it('for want of a listener, of an answer in time, or of HTTP', async () => {
    const port = await freePort();
    expect(await faultOfPost(`http://127.0.0.1:${port}/`)).toEqual(
      fault('CRM_NOT_LISTENING', { where: `127.0.0.1:${port}` }),
    );
    const slow = await answering(() => undefined);
    expect(await faultOfPost(`http://127.0.0.1:${slow}/`, { timeoutMs: 100 })).toEqual(
      fault('CRM_NO_ANSWER', { ms: 100 }),
    );
    const rude = await serve(createServer((socket) => void socket.once('data', () => socket.destroy())));
    expect(await faultOfPost(`http://127.0.0.1:${rude}/`)).toMatchObject({ code: 'CRM_CUT' });
    const other = await serve(createServer((socket) => void socket.once('data', () => socket.end('220 mail\r\n\r\n'))));
    expect(await faultOfPost(`http://127.0.0.1:${other}/`)).toMatchObject({
      code: 'CRM_NOT_HTTP',
      params: { where: `127.0.0.1:${other}` },
    });
  });

  it('for what TLS finds wrong', async () => {
    const alone = await https(authority.selfSigned('localhost'));
    expect(await faultOfPost(`https://localhost:${alone}/`)).toEqual(
      fault('CRM_UNTRUSTED', { where: `localhost:${alone}`, errno: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    );
    const named = await https(authority.certify('another.example'));
    expect(await faultOfPost(`https://localhost:${named}/`, { ca: authority.ca })).toEqual(
      fault('CRM_OTHER_NAME', { where: `localhost:${named}` }),
    );
    const plain = await answering((_, response) => response.end());
    expect(await faultOfPost(`https://127.0.0.1:${plain}/`)).toMatchObject({ code: 'CRM_NOT_TLS' });
  });

  it.each([
    ['10.0.0.1', { public: true, private: false }, 'CRM_ADDRESS_PRIVATE'],
    ['93.184.216.34', { public: false, private: true }, 'CRM_ADDRESS_PUBLIC'],
    ['169.254.169.254', { public: true, private: true }, 'CRM_ADDRESS_RESERVED'],
  ])('because its name leads to %s', async (address, rule, code) => {
    const look = guardedLookup(rule, (_host, _options, done) => done(null, [{ address, family: 4 }]));
    const error = await new Promise((resolve) => look('crm.example', {}, resolve));
    expect(faultOf(error)).toMatchObject({ code, params: { host: 'crm.example', address } });
    expect(postFault(error, 'crm.example')).toEqual(faultOf(error));
  });

  it.each([
    ['ENOTFOUND', 'CRM_HOST_UNKNOWN'],
    ['EAI_AGAIN', 'CRM_LOOKUP_FAILED'],
    ['ENETUNREACH', 'CRM_UNREACHABLE'],
    ['UND_ERR_CONNECT_TIMEOUT', 'CRM_CONNECT_TIMEOUT'],
    ['CERT_HAS_EXPIRED', 'CRM_EXPIRED'],
    ['CERT_NOT_YET_VALID', 'CRM_NOT_YET_VALID'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CRM_CLIENT_CERTIFICATE'],
    ['SOMETHING_NEW', 'CRM_FAILED'],
  ])('because the system says %s, is %s', (errno, code) => {
    const error = Object.assign(new Error('words'), { code: errno });
    expect(postFault(new AggregateError([error]), 'crm.example:443').code).toBe(code);
  });
});
