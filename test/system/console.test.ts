import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { bin, command, type Daemon, eventually, pauseMs, startDaemon, temporaryFolder } from './harness.ts';
import { hangUp, head, push, pushReads, textOf } from './reload-scene.ts';

const folder = temporaryFolder();
const file = join(folder.path, 'silentgate.yaml');
let daemon: Daemon | null = null;

afterEach(async () => {
  await daemon?.stop();
  daemon = null;
});
afterAll(() => folder.remove());

describe('the log file', () => {
  it('is appended to for its owner alone, goes on in a new file after a rotation, and holds no sign-in code', async () => {
    const log = join(folder.path, 'gateway.log');
    writeFileSync(log, 'before\n', { mode: 0o600 });
    const base = `${head('http: { port: 0 }\nlog: { level: trace, file: gateway.log }\n')}readers:\n${push('app-1')}`;
    daemon = await startDaemon(folder.path, base);
    await eventually(
      () => daemon?.output() ?? '',
      (text) => text.includes('#code='),
    );
    renameSync(log, `${log}.1`);
    process.kill(daemon.pid, 'SIGHUP');
    await eventually(
      () => textOf(log),
      (text) => text.includes('is reread'),
    );
    const link = command(folder.path, ['sign-in']);
    expect(link).toMatchObject({ code: 0, err: '' });
    const logged = textOf(log) + textOf(`${log}.1`) + readFileSync(join(folder.path, 'data/run.json'), 'utf8');
    expect(logged).toMatch(/^before$/m);
    expect(logged).not.toContain('code=');
    for (const text of [daemon.output(), link.out]) {
      const code = /#code=([\w-]+)/.exec(text)?.[1] ?? 'none';
      expect(logged).not.toContain(code);
    }
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(daemon.output()).not.toContain('"level"');
    // The link that the command printed works, once.
    const code = /#code=([\w-]+)/.exec(link.out)?.[1];
    const signIn = () =>
      daemon?.request('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      });
    expect([(await signIn())?.status, (await signIn())?.status]).toEqual([200, 401]);
  });

  it('that cannot be written stops nothing: the log goes to standard output and says so once', async () => {
    const base = (name: string) => `${head(`http: { port: 0 }\nlog: { file: ${name} }\n`)}readers:\n${push('app-1')}`;
    daemon = await startDaemon(folder.path, base('missing/gateway.log'));
    expect(daemon.output().split('the log file cannot be written').length).toBe(2);
    expect(await pushReads(daemon, 'app-1', 77)).toBe(200);
    writeFileSync(file, base('/dev/full'));
    await hangUp(daemon);
    expect(daemon.output().split('the log file cannot be written').length).toBe(3);
    expect(daemon.output()).toContain('ENOSPC');
    expect(await pushReads(daemon, 'app-1', 78)).toBe(200);
  });
});

describe('standard output', () => {
  it('that is a file gets no sign-in code, and says how to get one', async () => {
    writeFileSync(file, `${head('http: { port: 0 }\nlog: { level: trace }\n')}readers:\n${push('app-1')}`);
    const out = join(folder.path, 'out.log');
    const child = spawn('sh', ['-c', `exec "${process.execPath}" "${bin}" start > out.log 2>&1`], {
      cwd: folder.path,
      stdio: 'ignore',
    });
    await eventually(
      () => textOf(out),
      (text) => text.includes('silentgate sign-in'),
    );
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect([child.exitCode, textOf(out).includes('code=')]).toEqual([0, false]);
  });

  it('whose other end is closed does not end the gateway', async () => {
    writeFileSync(file, `${head('http: { port: 0 }\nlog: { level: trace }\n')}readers:\n${push('app-1')}`);
    const child = spawn(process.execPath, [bin, 'start'], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stderr.destroy();
    await pauseMs(1500);
    child.kill('SIGHUP');
    await pauseMs(500);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});
