import { afterEach, expect, it } from 'vitest';
import { type CrmReceiver, startCrmReceiver } from '../fakes/crm-receiver.ts';
import { type Daemon, epcOf, startDaemon, temporaryFolder } from './harness.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function gateway(site: string, env: Record<string, string>): Promise<{ daemon: Daemon; crm: CrmReceiver }> {
  const folder = temporaryFolder();
  closing.push(() => folder.remove());
  const crm = await startCrmReceiver(secret);
  closing.push(() => crm.close());
  const config = `site: ${site}
http: { port: 0 }
inventory: { adopt: all }
locations: [{ id: back, kind: back-room }]
readPoints: [{ id: dock-in, location: back, kind: portal, bizStep: receiving }]
readers: [{ id: app-1, profile: generic/json, link: { http: {} }, antennas: { 1: dock-in } }]
crm: [{ id: main, url: "${crm.url}", secret: { env: CRM_SECRET } }]
`;
  const daemon = await startDaemon(folder.path, config, { CRM_SECRET: secret, ...env });
  closing.push(() => daemon.stop());
  return { daemon, crm };
}

/** The offset that New York's clocks have now: it changes twice a year. */
const newYork = () =>
  new Date()
    .toLocaleString('en-US', { timeZone: 'America/New_York', timeZoneName: 'longOffset' })
    .match(/GMT([+-]\d\d:\d\d)/)?.[1];

it.each([
  ['of the machine where the site names no zone', '{ id: shop }', { TZ: 'America/New_York' }, newYork],
  [
    'of the site, whatever the machine’s is',
    '{ id: shop, timeZone: Asia/Taipei }',
    { TZ: 'America/New_York' },
    () => '+08:00',
  ],
])(
  'an event goes out with its time in UTC and the offset %s',
  async (_name, site, env, offset) => {
    const { daemon, crm } = await gateway(site, env);
    const at = Date.now() - 5_000;
    const reads = [0, 1, 2].map((i) => ({ epc: epcOf(1), antenna: 1, rssi: -50, at: at + i, seq: i }));
    const answer = await daemon.request('/readers/app-1/reads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reads }),
    });
    expect(answer.status).toBe(200);
    await crm.until(1);
    const [event] = crm.effects();
    expect(event?.data.epcis).toMatchObject({
      eventTime: expect.stringMatching(/Z$/),
      eventTimeZoneOffset: offset(),
    });
  },
  60_000,
);
