import { openStore } from '../../../src/journal/index.ts';
import { arrival, at, batch, observation } from './store-values.ts';

const [folder = '', first = '0'] = process.argv.slice(2);
const store = openStore(
  {
    folder,
    site: { id: 'taipei-xinyi' },
    now: () => at,
  },
  'gateway',
);

/** Commits and says so, giving the loop a turn now and then so that the words leave the process. */
async function run(n: number): Promise<void> {
  for (let more = 0; more < 20; more++) {
    await store.append(batch({ observations: [observation(n + more)], events: [arrival(n + more)] }));
    process.stdout.write(`${n + more}\n`);
  }
  setImmediate(() => run(n + 20));
}
await run(Number(first));
