import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './listen.ts';

/** A real Mosquitto of its own. `stop` ends it cleanly (it saves), `kill` pulls the plug; `folder` holds its files. */
export type Mosquitto = {
  readonly port: number;
  readonly folder: string;
  /** What it has logged so far. */
  log(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

/**
 * `config` is the whole configuration apart from the listener, default: anonymous, nothing kept on disk. `listener` adds
 * lines that belong to the listener (TLS). To start again where another one stopped, give its `port` and `folder`.
 * The folder is deleted by the one who made it, when it stops or is killed, unless `keepFolder` is set.
 */
export type MosquittoOptions = {
  readonly port?: number;
  readonly config?: string;
  readonly listener?: string;
  readonly folder?: string;
  readonly keepFolder?: boolean;
};

const program = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) =>
  existsSync(path),
);

/** Starts Mosquitto on 127.0.0.1 and resolves when it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'silentgate-mosquitto-')));
  const file = join(folder, 'mosquitto.conf');
  const body = options.config ?? 'allow_anonymous true\npersistence false\n';
  // What it keeps belongs into its own folder, not into the one the tests were started in.
  const place = body.includes('persistence_location') ? '' : `persistence_location ${folder}/`;
  await writeFile(
    file,
    `listener ${port} 127.0.0.1\n${options.listener ?? ''}\n${body}\n${place}\nuser root\nlog_dest stderr\n`,
  );
  const { child, log } = await run(file, port);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await stopChild(child, signal);
    if (!options.keepFolder && options.folder === undefined) await rm(folder, { recursive: true, force: true });
  };
  return { port, folder, log, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function run(file: string, port: number): Promise<{ child: ChildProcess; log: () => string }> {
  if (program === undefined) throw new Error('mosquitto is needed for these tests: apt-get install mosquitto');
  const child = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with code ${child.exitCode}: ${said}`);
    await wait(10);
  }
  return { child, log: () => said };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}
