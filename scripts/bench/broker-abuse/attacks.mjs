import { setTimeout as wait } from 'node:timers/promises';
import { abandon, flood, open, publishPacket, signedIn, subscribePacket, text } from './wire.mjs';

/** Each attack by its name; `keep` holds the connections that stay open until the memory has been read. */
export const attacksOf = (times) => ({
  'abandoned sessions': async ({ port }) => {
    for (const host of [9, 10]) await abandon(port, times(200), ['flood'], `127.0.0.${host}`);
    await flood(port, times(32_000), (n) => publishPacket('flood', 'x', { qos: 1, id: (n % 65_000) + 1 }));
  },
  'abandoned sessions without end': async ({ port }) => {
    const levels = Array.from({ length: 30 }, (_, n) => n).join('/');
    for (let host = 9; host < 13; host++) {
      await abandon(port, times(600), [`a/${levels}`, 'flood'], `127.0.0.${host}`);
    }
    await flood(port, times(20_000), (n) => publishPacket('flood', 'x'.repeat(50), { qos: 1, id: (n % 65_000) + 1 }));
  },
  'retained, tiny on short topics': async ({ port }) => {
    await flood(port, times(600_000), (n) => publishPacket(`r/${n}`, 'x', { retain: true }));
  },
  'retained, tiny on long topics': async ({ port }) => {
    const long = 'y'.repeat(20_000);
    await flood(port, times(20_000), (n) => publishPacket(`${long}${n}`, 'x', { retain: true }));
  },
  subscriptions: async ({ port, keep }) => {
    for (let client = 0; client < times(40); client++) {
      const made = await signedIn(port, `subs-${client}`, { clean: client % 2 === 0 });
      keep.push(made);
      for (let n = 0; n < times(4000); n += 40) {
        const deep = Array.from({ length: 40 }, (_, level) => `${client}l${level}`).join('/');
        const filters = Array.from({ length: 40 }, (_, i) => `${n + i}/${deep}`);
        if (!(await made.send(subscribePacket(filters)))) break;
      }
    }
    await wait(times(1000));
  },
  'sockets that say nothing': async ({ port, keep }) => {
    for (let n = 0; n < times(4000); n++) {
      const made = await open(port, { from: `127.0.1.${n % 20}` });
      keep.push(made);
    }
    await wait(times(1000));
  },
  'halves of packets': async ({ port, keep }) => {
    const half = Buffer.concat([Buffer.from([0x30, 0xfe, 0xff, 0x3f]), text('a'), Buffer.alloc(1_000_000)]);
    for (let n = 0; n < times(600); n++) {
      const made = await signedIn(port, `half-${n}`, { from: `127.0.1.${n % 20}` });
      keep.push(made);
      await made.send(half);
    }
    await wait(times(1000));
  },
  'listeners that do not read': async ({ port, keep }) => {
    for (let n = 0; n < times(400); n++) {
      const made = await signedIn(port, `deaf-${n}`, { read: false, from: `127.0.1.${n % 20}` });
      made.socket.pause();
      keep.push(made);
      await made.send(subscribePacket(['flood'], 0));
    }
    await flood(port, times(200_000), () => publishPacket('flood', 'x'.repeat(20)));
    await flood(port, times(1000), () => publishPacket('flood', 'x'.repeat(60_000)));
  },
  'a burst for many listeners': async ({ port, keep }) => {
    for (let n = 0; n < times(400); n++) {
      const made = await signedIn(port, `many-${n}`, { from: `127.0.1.${n % 20}` });
      keep.push(made);
      await made.send(subscribePacket(['b'], 0));
    }
    await flood(port, times(20_000), () => publishPacket('b', ''));
  },
  'messages that nobody wants, behind some for a few': async ({ port, keep }) => {
    for (let n = 0; n < 5; n++) {
      const made = await signedIn(port, `few-${n}`);
      keep.push(made);
      await made.send(subscribePacket(['b'], 0));
    }
    await flood(port, times(240_000), (n) => publishPacket(n % 12_000 < 200 ? 'b' : 'c', ''));
  },
  'half-open QoS 2': async ({ port, keep }) => {
    for (let client = 0; client < times(100); client++) {
      const made = await signedIn(port, `two-${client}`, { clean: false, from: `127.0.1.${client % 20}` });
      keep.push(made);
      for (let n = 1; n < 900; n += 10) {
        const batch = Array.from({ length: 10 }, (_, i) => publishPacket('q', 'x'.repeat(8000), { qos: 2, id: n + i }));
        if (!(await made.send(Buffer.concat(batch)))) break;
      }
    }
    await wait(times(1000));
  },
  wills: async ({ port, keep }) => {
    const will = { topic: 'w'.repeat(60_000), payload: 'x'.repeat(60_000) };
    for (let n = 0; n < times(2000); n++) {
      keep.push(await signedIn(port, `will-${n}`.padEnd(60_000, 'i'), { will, from: `127.0.1.${n % 20}` }));
    }
    await wait(times(1000));
  },
});
