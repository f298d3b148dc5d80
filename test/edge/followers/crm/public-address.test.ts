import { expect, test, vi } from 'vitest';
import { openPost } from '../../../../src/followers/crm/post.ts';
import { systemClock } from '../../../../src/kit/index.ts';

type Done = (error: null, addresses: { address: string; family: number }[]) => void;

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_host: string, _options: object, done: Done) => done(null, [{ address: '93.184.215.14', family: 4 }]),
}));

test('a name of the own network that leads to a public address gets nothing over plain HTTP', async () => {
  const destination = { id: 'main', url: 'http://crm.example:9/', secret: 'whsec_x', private: true };
  const post = openPost(destination, 1, 2_000, systemClock);
  const answer = await post.send('[]', {});
  await post.close();
  expect(answer).toMatchObject({ kind: 'error', fault: { code: 'CRM_ADDRESS_PUBLIC' } });
});
