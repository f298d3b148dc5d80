import { type ChildProcess, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { type Clock, GatewayError, messageOf, pause } from '../kit/index.ts';
import type { ByteSimulator } from './byte-simulator.ts';
import { listenTcp, type OfferedLine } from './tcp-line.ts';

const APPEARS_WITHIN_MS = 3_000;
const POLL_MS = 20;

/**
 * Offers the simulator as a serial device at `path`: a pty that socat joins to a TCP port of ours. Rejects with
 * LINK_NOT_FOUND where the machine has no socat.
 */
export async function offerPty(simulator: ByteSimulator, path: string, clock: Clock): Promise<OfferedLine> {
  const tcp = await listenTcp(simulator, '127.0.0.1', 0);
  const socat = spawn('socat', [`pty,raw,echo=0,link=${path}`, `TCP:${tcp.address},nodelay`], { stdio: 'ignore' });
  const close = async () => {
    await ended(socat);
    await tcp.close();
  };
  try {
    await appears(socat, path, clock);
  } catch (error) {
    await close();
    throw new GatewayError(
      'LINK_NOT_FOUND',
      `No pty at ${path}: ${messageOf(error)}. Is socat installed?`,
      { path },
      error,
    );
  }
  return { address: path, close };
}

async function appears(socat: ChildProcess, path: string, clock: Clock): Promise<void> {
  let failure: string | null = null;
  socat.once('error', (error) => {
    failure = messageOf(error);
  });
  socat.once('exit', (code) => {
    failure ??= `socat ended with ${code}`;
  });
  for (let waited = 0; waited < APPEARS_WITHIN_MS; waited += POLL_MS) {
    if (failure !== null) throw new Error(failure);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return;
    await pause(clock, POLL_MS);
  }
  throw new Error('it did not appear in time');
}

function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
