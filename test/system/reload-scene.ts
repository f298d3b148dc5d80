import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { bin, type Daemon, epcOf, eventually } from './harness.ts';

/** The beginning of a small store's file. */
export const head = (more = '') => `site: { id: reload }
${more}inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }, { id: gate, location: floor, kind: exit }]
`;
/** A reader that pushes. */
export const push = (id: string) =>
  `  - { id: ${id}, profile: generic/json, link: { http: {} }, antennas: { 1: shelf-1 } }\n`;
/** Sends SIGHUP and waits until the gateway has said `text` once more than before. */
export async function hangUp(gateway: Daemon, text = 'the configuration is reread'): Promise<string> {
  const count = () => gateway.output().split(text).length;
  const [before, length] = [count(), gateway.output().length];
  process.kill(gateway.pid, 'SIGHUP');
  await eventually(count, (now) => now > before);
  return gateway.output().slice(length);
}

/** Pushes one tag twice; the status of the answer. */
export async function pushReads(gateway: Daemon, reader: string, serial: number): Promise<number> {
  const at = Date.now() - 60_000;
  const reads = [0, 1].map((i) => ({ epc: epcOf(serial), antenna: 1, rssi: -50, at: at + i, seq: 2 * serial + i }));
  const answer = await gateway.request(`/readers/${reader}/reads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reads }),
  });
  return answer.status;
}

/** What stands in a file; nothing where there is none. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a process has a handler for signal 1, as Linux tells it. */
export function catchesHangUp(pid: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}

/** `silentgate start` with its output on a pipe. */
export function run(cwd: string) {
  const child: ChildProcess = spawn(process.execPath, [bin, 'start'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  const until = async (wanted: string, times = 1) => {
    await eventually(
      () => text.split(wanted).length,
      (count) => count > times || child.exitCode !== null,
    );
    if (text.split(wanted).length <= times) throw new Error(`it does not say “${wanted}” (${child.exitCode}): ${text}`);
  };
  return {
    pid: child.pid ?? 0,
    runs: () => child.exitCode === null && child.signalCode === null,
    output: () => text,
    until,
    signal: (name: 'SIGHUP' | 'SIGTERM') => child.kill(name),
    hangUp: (wanted: string) => {
      const times = text.split(wanted).length;
      child.kill('SIGHUP');
      return until(wanted, times);
    },
    end: async (name: 'SIGTERM') => {
      child.kill(name);
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}
