import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Run, runPage } from './documented-shell.ts';
import {
  type Background,
  background,
  type Daemon,
  eventually,
  freePort,
  startDaemon,
  temporaryFolder,
} from './harness.ts';

const folder = temporaryFolder();
let daemon: Daemon;
let reader: Background;

beforeAll(async () => {
  const port = await freePort();
  const simulate = ['simulate', '--profile', 'magicrf/m100', '--link', `tcp:127.0.0.1:${port}`];
  reader = background(folder.path, [...simulate, '--tag', '3034257BF7194E4000001A85']);
  daemon = await startDaemon(
    folder.path,
    `site: { id: docs-test }
http: { port: 0 }
inventory: { adopt: all }
locations: [{ id: floor, kind: sales-floor }]
readPoints: [{ id: shelf-1, location: floor, kind: shelf }]
readers: [{ id: desk-1, profile: magicrf/m100, link: { tcp: { host: 127.0.0.1, port: ${port} } }, antennas: { 1: shelf-1 } }]
`,
  );
  await eventually(
    () => daemon.get<{ session: { state: string } }>('/readers/desk-1'),
    ({ session }) => session.state === 'running',
  );
});
afterAll(async () => {
  await daemon.stop();
  await reader.interrupt();
  folder.remove();
});

/** The answer of a `curl`; fails where it is a refusal. */
function answered({ command, code, out, err }: Run): Record<string, unknown> {
  expect([command, code, err]).toEqual([command, 0, '']);
  const answer = JSON.parse(out) as Record<string, unknown>;
  expect([command, answer['status'] ?? 'fine']).toEqual([command, 'fine']);
  return answer;
}

it('docs/http-api.md: every command does what the page says', () => {
  // What speaks to a gateway elsewhere, over TLS, is tried in tls-cli.
  const here = ({ command }: Run) => !command.includes('https://10.0.0.5');
  const runs = runPage('docs/http-api.md', folder.path, daemon.url).filter(here);
  const asked = runs.filter(({ command }) => command.startsWith('curl '));
  expect(runs.length).toBeGreaterThanOrEqual(4);
  expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
  const answers = asked.map(answered);
  expect(answers[0]).toMatchObject({ rows: [], next: null });
  expect(answers.find(({ outcome }) => outcome !== undefined)).toMatchObject({ command: 'writeEpc', outcome: 'done' });
});

it('docs/http-api.md: the problem document is the one that the gateway sends', async () => {
  const page = readFileSync('docs/http-api.md', 'utf8');
  const shown = JSON.parse(/^```json\n(\{ "type".*?)^```$/ms.exec(page)?.[1] ?? 'null') as unknown;
  const answer = await daemon.request('/products/04710088000019', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"sku":12,"name":null}',
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual(shown);
});
