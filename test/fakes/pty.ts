import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Two ends of one serial line. `a` and `b` are device files (`/dev/pts/n`); `close` pulls the cable (kills socat). */
export type PtyPair = { readonly a: string; readonly b: string; close(): Promise<void> };

/** A serial line whose other end is a TCP server: the simulated reader is a `net.Server` in the test. */
export type PtyToTcp = { readonly path: string; close(): Promise<void> };

/** Two ptys joined by socat. */
export async function openPtyPair(): Promise<PtyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-pty-'));
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  const socat = await startSocat([`pty,raw,echo=0,link=${a}`, `pty,raw,echo=0,link=${b}`], [a, b]);
  const [deviceA, deviceB] = await Promise.all([realpath(a), realpath(b)]);
  return { a: deviceA, b: deviceB, close: () => stop(socat, folder) };
}

/** A pty whose bytes go to and come from 127.0.0.1:`port`, which must be listening. */
export async function openPtyToTcp(port: number): Promise<PtyToTcp> {
  const folder = await mkdtemp(join(tmpdir(), 'silentgate-pty-'));
  const link = join(folder, 'a');
  const socat = await startSocat([`pty,raw,echo=0,link=${link}`, `TCP:127.0.0.1:${port},nodelay`], [link]);
  return { path: await realpath(link), close: () => stop(socat, folder) };
}

async function startSocat(addresses: string[], links: string[]): Promise<ChildProcess> {
  const socat = spawn('socat', addresses, { stdio: 'ignore' });
  const failed = new Promise<never>((_resolve, reject) => {
    socat.once('error', (error) => reject(new Error(`socat is needed for serial tests: ${error.message}`)));
    socat.once('exit', (code) => reject(new Error(`socat ended at once with code ${code}`)));
  });
  failed.catch(() => undefined);
  const ready = async () => {
    while (!links.every((link) => existsSync(link))) await wait(5);
  };
  await Promise.race([ready(), failed]);
  return socat;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
}
