import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The built command. */
export const bin = join(process.cwd(), 'dist/cli/bin.js');

/** A folder of its own for one test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'silentgate-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export type Daemon = {
  readonly url: string;
  readonly pid: number;
  /** From spawn to the first healthy answer, ms. */
  readonly readyMs: number;
  output(): string;
  get<T>(path: string): Promise<T>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** SIGTERM and wait; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL and wait. */
  kill(): Promise<void>;
};

/** Runs the built command `silentgate` in `folder` and returns what it printed. */
export function command(folder: string, args: readonly string[], input?: string, env: Record<string, string> = {}) {
  const done = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

export type Background = {
  output(): string;
  /** Waits until it has printed `text`; fails when it ends before. */
  until(text: string): Promise<void>;
  /** Waits for its end; the exit code. */
  ended(): Promise<number | null>;
  /** SIGINT, as Ctrl-C, and wait; the exit code. */
  interrupt(): Promise<number | null>;
};

/** Runs the built command `silentgate` beside the test, which can answer it meanwhile. */
export function background(folder: string, args: readonly string[], env: Record<string, string> = {}): Background {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const closed = once(child, 'close');
  const ended = async () => {
    await closed;
    return child.exitCode;
  };
  return {
    output: () => text,
    ended,
    until: async (wanted) => {
      while (!text.includes(wanted)) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${text}`);
        await pauseMs(20);
      }
    },
    interrupt: () => {
      child.kill('SIGINT');
      return ended();
    },
  };
}

/** Starts the real daemon on a configuration file and waits until it is healthy. */
export async function startDaemon(
  folder: string,
  config: string | null,
  env: Record<string, string> = {},
): Promise<Daemon> {
  if (config !== null) writeFileSync(join(folder, 'silentgate.yaml'), config);
  const begun = Date.now();
  const child = spawn(process.execPath, [bin, 'start'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const run = await untilHealthy(child, join(folder, 'data/run.json'), () => text);
  const request = (path: string, init: RequestInit = {}) =>
    fetch(new URL(`/api/v1${path}`, run.url), {
      ...init,
      headers: { authorization: `Bearer ${run.key}`, ...init.headers },
    });
  return {
    url: run.url,
    pid: run.pid,
    readyMs: Date.now() - begun,
    output: () => text,
    request,
    get: async (path) => {
      const answer = await request(path);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json() as Promise<never>;
    },
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
    kill: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

type Run = { pid: number; url: string; key: string };

async function untilHealthy(child: ChildProcess, file: string, output: () => string): Promise<Run> {
  for (let i = 0; i < 1200; i++) {
    if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${output()}`);
    const run = readRun(file);
    if (run?.pid === child.pid && run !== null && (await healthy(run.url))) return run;
    await pauseMs(25);
  }
  throw new Error(`the daemon did not become healthy: ${output()}`);
}

function readRun(file: string): Run | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Run;
  } catch {
    return null;
  }
}

async function healthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/api/v1/health', url));
    const { status, ready } = (await answer.json()) as { status: string; ready: boolean };
    // A gateway that cannot write is up, too.
    return answer.ok && (ready || status === 'failing');
  } catch {
    return false;
  }
}

export function pauseMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks again until `done` holds, at most `seconds`; then the last answer is given back for the assertion to judge. */
export async function eventually<T>(ask: () => Promise<T> | T, done: (answer: T) => boolean, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await pauseMs(50)) {
    const answer = await ask();
    if (done(answer) || Date.now() > end) return answer;
  }
}

/** SGTIN-96 of one product: header, filter 1, partition 5 as in a published example, then the serial number. */
export const epcOf = (serial: number) => `3034257BF7194E40${serial.toString(16).toUpperCase().padStart(8, '0')}`;

/** Whole numbers from `from` to before `to`. */
export const serials = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** The sum of all stock. */
export async function stockSum(gateway: Pick<Daemon, 'get'>): Promise<number> {
  const { rows } = await gateway.get<{ rows: { quantity: number }[] }>('/stock');
  return rows.reduce((sum, row) => sum + row.quantity, 0);
}

/** Tags that are present now at all read points together. */
export async function presentSum(gateway: Pick<Daemon, 'get'>): Promise<number> {
  const { rows } = await gateway.get<{ rows: { readPoints: { present: number }[] }[] }>('/locations');
  return rows.flatMap((row) => row.readPoints).reduce((sum, point) => sum + point.present, 0);
}

/** Types of an item's events, newest first. */
export async function typesOf(gateway: Pick<Daemon, 'get'>, epc: string): Promise<string[]> {
  const { rows } = await gateway.get<{ rows: { type: string }[] }>(`/items/${encodeURIComponent(epc)}/history`);
  return rows.map((row) => row.type);
}
