/** A made-up store for the staff app's tests. */
import { checkRows, destinationRoute, destinationRows, readerRows } from './web-demo-status.mjs';

const minute = 60_000;

const names = [
  ['亞麻長袖襯衫 白 M', 'SH-LN-WH-M'],
  ['亞麻長袖襯衫 白 L', 'SH-LN-WH-L'],
  ['牛津布短袖襯衫 藍 M', 'SH-OX-BL-M'],
  ['直筒牛仔褲 深藍 30', 'JN-ST-DB-30'],
  ['羊毛針織外套 駝色 S', 'CD-WL-CM-S'],
  ['有機棉圓領T恤 黑 L', 'TS-OC-BK-L'],
  ['防潑水後背包 20L', 'BG-WP-20'],
  ['帆布托特包 米白', 'BG-CV-EC'],
  ['<img src=x onerror="document.title=\'hacked\'">', 'XS-S1'],
  ['真皮腰帶 咖啡 95cm', 'BL-LE-BR-95'],
];
const lots = [
  ['floor', 'on_floor', 12],
  ['back', 'on_back', 30],
  ['floor', 'held', 1],
  ['floor', 'allocated', 2],
];
const locations = [
  { id: 'floor', kind: 'sales-floor', name: '賣場', parent: null, readPoints: [] },
  { id: 'back', kind: 'back-room', name: '倉庫', parent: null, readPoints: [] },
  { id: 'exit', kind: 'exit', name: '大門出口', parent: null, readPoints: [] },
];

/** SGTIN-96 of company prefix 4710088 (partition 5) with filter 1 [TDS 2.3, 14.6.1]. */
function sgtin(reference, serial) {
  const bits =
    (0x30n << 88n) | (1n << 85n) | (5n << 82n) | (4710088n << 58n) | (BigInt(reference) << 38n) | BigInt(serial);
  const item = String(reference).padStart(6, '0');
  const body = `${item[0]}4710088${item.slice(1)}`;
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  const gtin = body + ((10 - (sum % 10)) % 10);
  return {
    id: `https://id.gs1.org/01/${gtin}/21/${serial}`,
    hex: bits.toString(16).toUpperCase().padStart(24, '0'),
    scheme: 'sgtin-96',
    epcUri: `urn:epc:id:sgtin:4710088.${item}.${serial}`,
    gtin,
  };
}

const states = ['IN_STOCK', 'IN_STOCK', 'IN_STOCK', 'HELD', 'SOLD', 'STOLEN', 'MISSING'];

function makeItem(productIndex, itemIndex, now) {
  const lifecycle = states[itemIndex % states.length];
  const seen = now - (itemIndex + 1) * 7 * minute;
  const location = lifecycle === 'STOLEN' ? 'exit' : itemIndex % 3 === 0 ? 'back' : 'floor';
  const read = { reader: 'shelf-reader', antenna: 1 + (itemIndex % 2), rssi: -48 - itemIndex * 3 };
  // Every fourth was read last at the dock, too weakly to be moved there.
  const elsewhere = itemIndex % 4 === 1 && location !== 'back';
  const dock = { readPoint: 'dock-in', location: 'back', reader: 'dock-reader', antenna: 1, rssi: -72 };
  return {
    ...sgtin(100 + productIndex, 1000 + itemIndex),
    sku: names[productIndex][1],
    name: names[productIndex][0],
    presence: lifecycle === 'IN_STOCK' ? 'PRESENT' : 'ABSENT',
    absentReason: lifecycle === 'IN_STOCK' ? null : 'exit',
    readPoint: 'shelf-1',
    location,
    previousLocation: 'back',
    placeSince: seen - 90 * minute,
    placeSource: 'sensor',
    placeConfidence: 0.97,
    lifecycle,
    lifecycleReason: lifecycle === 'HELD' ? 'return_inspection' : null,
    owner: 'own',
    custody: null,
    condition: 'ok',
    tag: 'encoded',
    bucket: 'on_floor',
    serviceCount: 0,
    ...read,
    firstSeenAt: now - 3 * 24 * 60 * minute,
    lastSeenAt: seen,
    asOf: seen,
    lastSeen: { at: seen, readPoint: 'shelf-1', location, ...read, ...(elsewhere ? dock : {}) },
  };
}

function historyOf(item, now) {
  const row = (seq, type, input, ago, more) => ({
    seq,
    id: `event-${seq}`,
    type,
    input,
    at: now - ago * minute,
    recordedAt: now - ago * minute,
    alert: null,
    fromLocation: null,
    location: 'back',
    fromLifecycle: null,
    lifecycle: 'IN_STOCK',
    readPoint: 'dock-in',
    reader: 'dock-reader',
    antenna: 1,
    rssi: -52.5,
    bizStep: null,
    disposition: null,
    ...more,
  });
  const stolen = {
    alert: 'exit-unpaid',
    location: 'exit',
    lifecycle: 'STOLEN',
    readPoint: 'door',
    reader: 'door-reader',
  };
  return [
    ...(item.lifecycle === 'STOLEN' ? [row(9, 'item.alert', 'exitUnpaid', 7, stolen)] : []),
    row(5, 'item.moved', 'seen', 97, { fromLocation: 'back', location: 'floor', readPoint: 'shelf-1', antenna: 2 }),
    row(2, 'item.arrived', 'receive', 4320, { fromLifecycle: 'EXPECTED' }),
  ];
}

/** The store's state, and `route`, which answers what the app asks of /api/v1. `undefined` = 404, `null` = 204. */
export function createDemo() {
  const now = Date.now();
  const items = names.flatMap((_, product) => Array.from({ length: 14 }, (_, item) => makeItem(product, item, now)));
  const gtins = names.map((_, index) => sgtin(100 + index, 1).gtin);
  const stock = names.flatMap(([name, sku], index) =>
    lots.slice(0, 2 + (index % 3)).map(([location, bucket, quantity]) => ({
      gtin: gtins[index],
      sku,
      name,
      location,
      bucket,
      quantity: quantity + index * 3,
    })),
  );
  let ticks = 0;
  const reads = () => readsAt(++ticks, items);
  const readers = readerRows(now);
  const destinations = destinationRows(now);
  const fixed = {
    locations: { rows: locations, next: null },
    readers: { rows: readers },
    destinations: { rows: destinations },
    doctor: { checks: checkRows() },
  };
  const find = (given) => {
    // An element string may say more than which item it is.
    const text = given.replace(/^(\(01\)\d{14}).*(\(21\)[^(]+).*$/, '$1$2');
    return items.find((item) => spellings(item).includes(text) || item.hex === text.toUpperCase());
  };
  const itemRoute = (epc, verb) => {
    const item = find(epc);
    return item !== undefined && verb === 'history' ? { rows: historyOf(item, now), next: null } : item;
  };
  const itemList = (query) => {
    const { gtin, lifecycle } = query;
    return page(
      items.filter((item) => item.gtin === gtin && (lifecycle ?? item.lifecycle) === item.lifecycle),
      query,
    );
  };
  // Entered, and sold out.
  const soldOut = { gtin: sgtin(200, 1).gtin, sku: 'DR-SLK-RD-S', name: '真絲洋裝 紅 S' };
  const products = [...names.map(([name, sku], index) => ({ gtin: gtins[index], sku, name })), soldOut];
  const product = (gtin) => products.find((row) => row.gtin === gtin);
  const lists = {
    items: itemList,
    products: ({ q, ...query }) =>
      page(
        products.filter((row) => fits(row, { q })),
        query,
      ),
    stock: (query) =>
      page(
        stock.filter((row) => fits(row, query)),
        query,
      ),
  };
  const singles = {
    items: (_, epc, verb) => itemRoute(epc, verb),
    products: (_, gtin) => product(gtin),
    destinations: (method, id, verb) =>
      destinationRoute(
        method,
        destinations.find((row) => row.id === id),
        verb,
        now,
      ),
  };
  const route = (method, [noun, subject, verb], query) => {
    if (subject !== undefined) return singles[noun]?.(method, subject, verb);
    return fixed[noun] ?? lists[noun]?.(query);
  };
  const session = { name: 'demo', site: { id: 'taipei', name: '台北信義店', gln: null } };
  return { items, stock, products, soldOut, session, reads, route };
}

function spellings(item) {
  const [, serial] = item.id.split('/21/');
  return [item.id, item.epcUri, `urn:epc:tag:sgtin-96:1.${item.epcUri.slice(17)}`, `(01)${item.gtin}(21)${serial}`];
}

function fits(row, { q, gtin, location, bucket }) {
  const text = `${row.name} ${row.sku} ${row.gtin}`.toLowerCase();
  return (
    (q === undefined || text.includes(q.toLowerCase())) &&
    (gtin ?? row.gtin) === row.gtin &&
    (location ?? row.location) === row.location &&
    (bucket ?? row.bucket) === row.bucket
  );
}

function page(rows, { cursor, limit }) {
  const from = Number(cursor ?? 0);
  const to = from + Math.min(Number(limit ?? 100), 20);
  return { rows: rows.slice(from, to), next: to < rows.length ? String(to) : null };
}

function readsAt(tick, items) {
  const seen = items.slice(0, 18 + (tick % 4)).filter((item) => item.lifecycle === 'IN_STOCK');
  return {
    at: Date.now(),
    rate: 84.5 + 20 * Math.sin(tick / 3),
    unique: 60 + tick,
    antennas: [
      { reader: 'dock-reader', antenna: 1, readPoint: 'dock-in', rate: 12.4, unique: 9 },
      { reader: 'dock-reader', antenna: 2, readPoint: 'dock-in', rate: 8.1, unique: 7 },
      { reader: 'shelf-reader', antenna: 1, readPoint: 'shelf-1', rate: 64, unique: 44 },
    ],
    recent: seen.map(({ id, hex, gtin, name }, index) => ({
      id,
      hex,
      gtin,
      name,
      readPoint: index % 2 === 0 ? 'shelf-1' : 'dock-in',
      antenna: 1 + (index % 2),
      rssi: -45.5 - ((index * 7 + tick) % 35),
      at: Date.now() - index * 400,
      reads: tick + index,
    })),
  };
}
