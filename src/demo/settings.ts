/** Addresses the demo store runs at; they are found free before it starts. */
export type DemoAddresses = {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly crmUrl: string;
  /** How the shelf reader is reached: a pty where the machine can make one, else TCP. */
  readonly shelfLink:
    | { readonly serial: { readonly path: string } }
    | { readonly tcp: { readonly host: string; readonly port: number } };
};

/** Name of the environment variable that holds the demo CRM's signing secret. */
export const demoSecretName = 'SILENTGATE_DEMO_CRM_SECRET';

/** The id of the demo store's site, which no configuration may have: so the demo's data folder is never a real store's. */
export const demoSite = 'demo-store';

/** Topics of the two simulated MQTT readers. */
export const demoTopics = { dock: 'rfid/dock-1/events', front: 'rfid/front-1/events' } as const;

/** The demo store's configuration, in the form of a configuration file. */
export function demoSettings(at: DemoAddresses): object {
  return {
    site: { id: demoSite, name: '微感示範店', gln: '4710088000019' },
    // Apart from ./data: the real store's file is written next, in this folder, and made-up items are none of its stock.
    data: './demo-data',
    http: { host: '127.0.0.1', port: at.httpPort },
    mqtt: { broker: 'embedded', host: '127.0.0.1', port: at.mqttPort },
    inventory: { adopt: 'products' },
    locations: [
      { id: 'back', kind: 'back-room', name: '倉庫' },
      { id: 'floor', kind: 'sales-floor', name: '賣場' },
      { id: 'checkout', kind: 'point-of-sale', name: '收銀台', parent: 'floor' },
      { id: 'door', kind: 'exit', name: '出入口' },
    ],
    readPoints: [
      { id: 'dock-in', location: 'back', kind: 'portal', bizStep: 'receiving' },
      { id: 'shelf-1', location: 'floor', kind: 'shelf' },
      { id: 'till-1', location: 'checkout', kind: 'point-of-sale', bizStep: 'retail_selling' },
      // A real door waits 30 s before it believes that a tag has gone; a demo should not make people wait.
      { id: 'door-1', location: 'door', kind: 'exit', departAfterMs: 5000 },
    ],
    readers: [
      {
        id: 'dock-1',
        profile: 'impinj/r700',
        link: { mqtt: { topic: demoTopics.dock } },
        antennas: { 1: 'dock-in', 2: 'dock-in' },
      },
      { id: 'shelf-1', profile: 'magicrf/m100', link: at.shelfLink, antennas: { 1: 'shelf-1' } },
      {
        id: 'front-1',
        profile: 'zebra/iot-connector',
        link: { mqtt: { topic: demoTopics.front } },
        antennas: { 1: 'till-1', 2: 'door-1' },
      },
    ],
    crm: [{ id: 'sample-crm', url: at.crmUrl, secret: { env: demoSecretName }, events: ['item.*', 'customer.*'] }],
  };
}
