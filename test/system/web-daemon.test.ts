import { join, resolve } from 'node:path';
import { completeConfig } from '../../src/config.ts';
import { silentLog, systemClock } from '../../src/kit/index.ts';
import { connectMqtt } from '../../src/links/index.ts';
import { startGateway } from '../../src/main.ts';
import { startSimulator } from '../../src/simulators/index.ts';
import { encodeEpc, plainElementString } from '../../src/tags/index.ts';
import { freePort, temporaryFolder } from './harness.ts';
import { webCases } from './web-cases.ts';
import { buildWeb, type WebTarget } from './web-helpers.ts';

const products = [
  { gtin: '04710088000118', sku: 'TEE-WHT-M', name: '棉質上衣 白 M' },
  { gtin: '04710088000149', sku: 'JNS-BLU-30', name: '丹寧牛仔褲 藍 30' },
];

function tag(gtin: string, serial: number) {
  const encoded = encodeEpc(`(01)${gtin}(21)${serial}`, { scheme: 'sgtin-96', filter: 1, companyPrefixLength: 7 });
  if (!encoded.ok || encoded.epc.hex === null) throw new Error(gtin);
  return { ...encoded.epc, hex: encoded.epc.hex };
}

/** A gateway in this process with the embedded broker and a simulated Impinj reader, opened on the built staff app. */
async function openGateway(): Promise<WebTarget> {
  const folder = temporaryFolder();
  const web = await buildWeb();
  const mqttPort = await freePort();
  const config = completeConfig(
    {
      site: { id: 'web-test', name: '測試店' },
      data: join(folder.path, 'data'),
      http: { port: 0 },
      mqtt: { broker: 'embedded', port: mqttPort },
      inventory: { adopt: 'all' },
      locations: [{ id: 'floor', kind: 'sales-floor', name: '賣場' }],
      readPoints: [{ id: 'shelf-1', location: 'floor', kind: 'shelf' }],
      readers: [
        {
          id: 'ceiling',
          profile: 'impinj/r700',
          link: { mqtt: { topic: 'rfid/ceiling' } },
          antennas: { 1: 'shelf-1' },
        },
      ],
    },
    folder.path,
    resolve('firmware-profiles'),
  );
  const gateway = await startGateway(config, {
    clock: systemClock,
    log: silentLog,
    webRoot: web.folder,
    version: '0',
    env: {},
  });
  await gateway.store.putProducts(products);
  const channel = connectMqtt(
    { url: `mqtt://127.0.0.1:${mqttPort}`, clientId: 'ceiling', keepSession: false },
    { clock: systemClock, log: silentLog, random: Math.random },
  );
  channel.open();
  const epcs = products.flatMap(({ gtin }) => [1, 2, 3].map((serial) => tag(gtin, serial)));
  const simulator = await startSimulator({
    profile: config.profileTable.get('impinj/r700'),
    link: { mqtt: { channel, topic: 'rfid/ceiling' } },
    tags: epcs.map(({ hex }) => ({ epc: hex, antenna: 1, rssi: -55 })),
    rate: 30,
    clock: systemClock,
    random: Math.random,
  });
  const item = epcs[0] ?? tag(products[0]?.gtin ?? '', 1);
  while (gateway.store.lookUp(item.id) === null) await new Promise((done) => setTimeout(done, 50));
  return {
    url: gateway.url,
    signInLink: gateway.signInLink,
    product: { twoCharacters: '棉質', name: '棉質上衣 白 M', gtin: '04710088000118', otherName: '丹寧牛仔褲 藍 30' },
    item: {
      id: item.id,
      hex: item.hex,
      forms: [
        item.hex,
        item.hex.replaceAll(/(..)(?=.)/g, '$1 '),
        item.epcUri ?? '',
        item.tagUri ?? '',
        item.id,
        item.id.replace('https://id.gs1.org', 'http://shop.example:8080/tw/p'),
        item.id.replace('/01/', '/gtin/').replace('/21/', '/ser/'),
        item.elementString ?? '',
        `]d2${plainElementString(item)}\u001d10LOT\u001d17301231`,
        `${plainElementString(item)}\u001d`,
      ],
    },
    close: async () => {
      await simulator.stop();
      await channel.close();
      await gateway.stop();
      await web.remove();
      folder.remove();
    },
  };
}

webCases('a running gateway', openGateway);
