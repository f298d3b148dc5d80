import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDemo } from './web-demo.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; report-uri /csp-report";

/**
 * A stand-in for the gateway's HTTP side: the built staff app under the gateway's content policy, and the routes of
 * /api/v1 that the app uses, over a small made-up store. `down(true)` breaks every connection, as a dead gateway does.
 */
export async function startWebApi({
  webFolder = fileURLToPath(new URL('../../dist/web', import.meta.url)),
  port = 0,
} = {}) {
  const demo = createDemo();
  const state = {
    down: false,
    refused: [],
    code: 'one-time-code',
    sessions: new Map(),
    streams: new Set(),
    cspReports: [],
    sent: [],
  };
  const server = createServer((request, response) => {
    if (state.down) return void request.socket.destroy();
    answer(request, response, demo, state, webFolder).catch((error) =>
      problem(response, 500, 'INTERNAL', String(error)),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const tick = setInterval(() => {
    for (const stream of state.streams) stream.write(`event: reads\ndata: ${JSON.stringify(demo.reads())}\n\n`);
  }, 1000);
  return {
    url,
    demo,
    key: 'sg_test_key',
    cspReports: state.cspReports,
    sent: state.sent,
    signInLink: () => {
      state.code = `code-${Math.random().toString(36).slice(2)}`;
      return `${url}/#code=${state.code}`;
    },
    down: (down) => {
      state.down = down;
      if (down) server.closeAllConnections();
    },
    refused: state.refused,
    keyOf: (scopes) => `sg_test_key ${scopes.join(' ')}`,
    endSessions: () => state.sessions.clear(),
    emit: (event, data) => {
      for (const stream of state.streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    close: () => {
      clearInterval(tick);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request, response, demo, state, webFolder) {
  const url = new URL(request.url, 'http://host');
  if (url.pathname === '/csp-report') {
    state.cspReports.push(await bodyOf(request));
    return void response.writeHead(204).end();
  }
  if (url.pathname.startsWith('/api/v1/')) {
    const path = request.url.split('?')[0].slice('/api/v1'.length);
    return api(request, response, path, Object.fromEntries(url.searchParams), demo, state);
  }
  const file = url.pathname === '/' ? 'index.html' : normalize(url.pathname).replace(/^[/.]+/, '');
  const content = await readFile(join(webFolder, file)).catch(() => null);
  if (content === null) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': csp,
  });
  response.end(content);
}

async function api(request, response, path, query, demo, state) {
  const { method } = request;
  if (path === '/health') return json(response, { status: 'ok', version: '0.0.0', ready: true });
  if (path === '/session' && method === 'POST') return signIn(response, JSON.parse(await bodyOf(request)), state);
  const token = /silentgate_session_\d+=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const scopes = state.sessions.get(token);
  if (scopes === undefined) return problem(response, 401, 'UNAUTHENTICATED', 'No key.');
  return signedIn(request, response, { path, query, token, scopes }, demo, state);
}

async function signedIn(request, response, { path, query, token, scopes }, demo, state) {
  const { method } = request;
  if (path === '/session' && method === 'DELETE') {
    state.sessions.delete(token);
    return void response.writeHead(204).end();
  }
  if (!mayCall(method, path, scopes)) {
    state.refused.push(`${method} ${path}`);
    return problem(response, 403, 'FORBIDDEN', 'The key lacks a scope.');
  }
  if (path === '/session') return json(response, { ...demo.session, scopes });
  if (path === '/events') return stream(request, response, state);
  if (method === 'POST') state.sent.push({ path, body: await bodyOf(request) });
  const found = demo.route(method, path.split('/').slice(1).map(decodeURIComponent), query);
  if (found === undefined) return problem(response, 404, 'NOT_FOUND', 'There is no such thing.');
  if (found === null) return void response.writeHead(204).end();
  return json(response, found);
}

function signIn(response, body, state) {
  const [key, ...scopes] = body.key?.split(' ') ?? [];
  if (body.code !== state.code && key !== 'sg_test_key') return problem(response, 401, 'UNAUTHENTICATED', 'Not valid.');
  if (body.code === state.code) state.code = null;
  const token = createHash('sha256').update(String(Math.random())).digest('hex');
  const given = scopes.length === 0 ? allScopes : scopes;
  state.sessions.set(token, given);
  response.setHeader(
    'set-cookie',
    `silentgate_session_${response.socket.localPort}=${token}; HttpOnly; SameSite=Strict; Path=/`,
  );
  json(response, { name: 'demo', scopes: given });
}

const allScopes = ['stock:read', 'events:read', 'readers:read', 'crm:read', 'crm:admin'];
const scopeOf = {
  locations: 'stock:read',
  stock: 'stock:read',
  items: 'stock:read',
  products: 'stock:read',
  events: 'events:read',
  readers: 'readers:read',
  doctor: 'readers:read',
  destinations: 'crm:read',
};

/** As the gateway decides it: a scope covers what is less of the same thing. */
function mayCall(method, path, scopes) {
  const [, noun] = path.split('/');
  const wanted = method === 'POST' && noun === 'destinations' ? 'crm:admin' : scopeOf[noun];
  const verbs = ['read', 'write', 'admin'];
  const [thing, verb] = wanted?.split(':') ?? [];
  const covers = (held) => {
    const [heldThing, heldVerb] = held.split(':');
    return heldThing === thing && verbs.includes(heldVerb) && verbs.indexOf(heldVerb) >= verbs.indexOf(verb);
  };
  return wanted === undefined || scopes.some(covers);
}

function stream(request, response, state) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 500\n\n');
  state.streams.add(response);
  request.on('close', () => state.streams.delete(response));
}

function json(response, value) {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function problem(response, status, code, detail) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail }));
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const api = await startWebApi({ port: Number(process.argv[2] ?? 8090) });
  console.log(`Staff app on made-up data: ${api.signInLink()}`);
}
