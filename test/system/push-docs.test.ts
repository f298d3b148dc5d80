import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Run, runPage } from './documented-shell.ts';
import { type Daemon, startDaemon, temporaryFolder } from './harness.ts';

const page = 'docs/http-push.md';
const folder = temporaryFolder();
let daemon: Daemon;
let runs: Run[];

const blocks = (language: string) =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text ?? '',
  );

beforeAll(async () => {
  // The page's own configuration; only the port is another one.
  daemon = await startDaemon(folder.path, (blocks('yaml')[0] ?? '').replace('port: 8080', 'port: 0'));
  runs = runPage(page, folder.path, daemon.url);
});
afterAll(async () => {
  await daemon.stop();
  folder.remove();
});

it('docs/http-push.md: every command runs as it stands, and answers what the page says', () => {
  expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
  const answers = runs
    .filter(({ command }) => command.startsWith('curl '))
    .map(({ out }) => JSON.parse(out) as unknown);
  const shown = blocks('json').map((text) => JSON.parse(text) as object);
  expect(shown.length).toBeGreaterThanOrEqual(6);
  expect(answers).toEqual(shown);
  expect(answers).toHaveLength(shown.length);
});

it('docs/http-push.md: the readers of its example have read, and the site’s zone is said', async () => {
  type Status = { reads: number; findings: { code: string; params: Record<string, unknown> }[] };
  const statuses = await Promise.all(['app-1', 'list-1', 'gate-1'].map((id) => daemon.get<Status>(`/readers/${id}`)));
  expect(statuses.map(({ reads }) => reads)).toEqual([2, 2, 1]);
  expect(statuses[1]?.findings).toContainEqual(
    expect.objectContaining({ code: 'READER_TIME_ZONE', params: { reader: 'list-1', zone: 'Asia/Taipei' } }),
  );
});
