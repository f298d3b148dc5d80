import { type Clock, type Log, pause } from '../kit/index.ts';
import { encodeEpc } from '../tags/index.ts';
import { dayMs, type PlacedTag, planDay, type Scene } from './day.ts';
import { demoCustomer, demoProducts } from './products.ts';

/** The three simulated readers, as the play moves tags in front of them. */
export type DemoStage = { show(reader: 'dock' | 'shelf' | 'front', tags: readonly PlacedTag[]): void };

export type DemoPlay = {
  readonly stage: DemoStage;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
};

const firstDelivery = 24;
/** As many as leave the store in a day, so that the demo can run for weeks without filling up. */
const laterDeliveries = 3;

/** Plays one day after the other until `signal` aborts. Serial numbers come from the clock, so a restarted demo goes on with new goods. */
export async function playDays({ stage, clock, log, signal }: DemoPlay): Promise<void> {
  let serial = Math.floor(clock.now() / 1000) * 10;
  let onShelf: readonly string[] = [];
  for (let day = 0; !signal.aborted; day++) {
    const delivered = Array.from({ length: day === 0 ? firstDelivery : laterDeliveries }, (_, i) =>
      demoTag(i + day, serial++),
    );
    const { scenes, left } = planDay(delivered, onShelf, demoCustomer.tokenHex);
    await playDay(scenes, { stage, clock, log, signal });
    onShelf = left;
  }
}

async function playDay(scenes: readonly Scene[], { stage, clock, log, signal }: DemoPlay): Promise<void> {
  let at = 0;
  for (const scene of scenes) {
    await pause(clock, scene.at - at, signal);
    if (signal.aborted) return;
    at = scene.at;
    log.debug({ what: scene.what }, 'demo scene');
    stage.show('dock', scene.dock);
    stage.show('shelf', scene.shelf);
    stage.show('front', scene.front);
  }
  await pause(clock, dayMs - at, signal);
}

/** The `n`-th product's SGTIN-96 with this serial, upper-case hex. */
function demoTag(n: number, serial: number): string {
  const { gtin } = demoProducts[n % demoProducts.length] ?? { gtin: '' };
  const encoded = encodeEpc(`(01)${gtin}(21)${serial}`, { scheme: 'sgtin-96', filter: 1, companyPrefixLength: 7 });
  if (!encoded.ok || encoded.epc.hex === null) throw new Error(`a demo product does not encode: ${gtin}`);
  return encoded.epc.hex;
}
