import { openStore } from '../../src/journal/index.ts';
import { arrival, at, batch, observation } from '../edge/journal/store-values.ts';

/** Appends from 64 callers at once, over the built writing thread; each number is said when it is on disk. */
const [folder = '', first = '0', thread = ''] = process.argv.slice(2);
const store = openStore({ folder, site: { id: 'taipei-xinyi' }, now: () => at, thread: new URL(thread) }, 'gateway');
let next = Number(first);

async function caller(): Promise<void> {
  for (;;) {
    const n = next++;
    await store.append(batch({ observations: [observation(n)], events: [arrival(n)] }));
    process.stdout.write(`${n}\n`);
  }
}
await Promise.all(Array.from({ length: 64 }, caller));
