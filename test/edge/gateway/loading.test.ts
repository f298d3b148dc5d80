import { describe, expect, it } from 'vitest';
import { GatewayError, type Log, silentLog } from '../../../src/kit/index.ts';
import { inSlices } from '../../../src/loading.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const rounds = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
};

/** Pages of one row, 0 to 3; the second one is refused as often as said. */
function scene(refusals: number) {
  const clock = manualClock(0);
  const warned: unknown[] = [];
  const log: Log = { ...silentLog, warn: (fields) => void warned.push(fields['code']) };
  const taken: number[] = [];
  const stop = new AbortController();
  let left = refusals;
  const pageAt = (cursor: string | null) => {
    const n = Number(cursor ?? 0);
    if (n === 1 && left-- > 0) throw new GatewayError('STORE_UNAVAILABLE', 'The disk is away.');
    return { rows: [n], next: n === 3 ? null : String(n + 1) };
  };
  let ended = false;
  const loading = inSlices({ clock, log }, stop.signal, pageAt, (rows) => void taken.push(...rows)).then(() => {
    ended = true;
  });
  return { clock, warned, taken, stop, loading, ended: () => ended };
}

describe('what is loaded in slices', () => {
  it('is handed over a page a turn, to the last', async () => {
    const w = scene(0);
    expect(w.taken).toEqual([0]);
    await w.loading;
    expect(w.taken).toEqual([0, 1, 2, 3]);
  });

  it('goes on where it was, 5 s after the database gave no page', async () => {
    const w = scene(2);
    await rounds();
    expect(w.taken).toEqual([0]);
    for (let n = 0; n < 2; n++) {
      await w.clock.advance(5_000);
      await rounds();
    }
    await w.loading;
    expect(w.warned).toEqual(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    expect(w.taken).toEqual([0, 1, 2, 3]);
  });

  it('ends with the gateway, also while it waits', async () => {
    const w = scene(1);
    await rounds();
    expect(w.ended()).toBe(false);
    w.stop.abort();
    await w.loading;
    expect(w.taken).toEqual([0]);
  });
});
