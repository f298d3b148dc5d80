/** Readers, destinations and checks of the made-up store. */
const minute = 60_000;
const fault = (code, params = {}, cause = null) => ({ code, params, cause });

export function readerRows(now) {
  const reader = (id, profile, link, more) => ({
    id,
    profile,
    link: { state: 'open', since: now - 42 * minute, error: null, fault: null, address: 'rfid/dock/events', ...link },
    lastError: null,
    online: null,
    reachable: true,
    session: { state: 'running', since: now - 42 * minute, problem: null, fault: null },
    identity: null,
    lastReadAt: now - 1200,
    reads: 182_340,
    antennas: [
      { antenna: 1, readPoint: 'dock-in', reads: 900, rate: 12.4, lastReadAt: now, baseline: 11.8, health: 'ok' },
    ],
    rejected: {},
    warnings: {},
    samples: [],
    clockOffsetMs: 12,
    missing: 0,
    lastEvent: null,
    findings: [],
    ...more,
  });
  return [
    reader('dock-reader', 'impinj/r700', {}, { rejected: { BELOW_FLOOR: 4_210, NOT_JSON: 2 } }),
    reader(
      'shelf-reader',
      'magicrf/m100',
      { address: '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0' },
      {
        identity: 'M100 26dBm V1.0',
        clockOffsetMs: null,
      },
    ),
    reader(
      'door-reader',
      'zebra/iot-connector',
      {
        state: 'waiting',
        since: now - 3 * minute,
        error: 'Nothing listens at 10.0.0.5:1883: check the port and that the device’s service runs.',
        fault: fault('HOST_REFUSED', { where: '10.0.0.5:1883' }),
      },
      { lastReadAt: now - 4 * minute, clockOffsetMs: -2_350, warnings: { CLOCK_OFFSET: 1 } },
    ),
  ];
}

export function destinationRows(now) {
  const base = {
    nextAttemptAt: null,
    oldestWaitingAt: null,
    failures: 0,
    lastSuccessAt: now - 4000,
    lastError: null,
    lastFault: null,
  };
  return [
    {
      ...base,
      id: 'main',
      url: 'https://crm.example.com/hooks/rfid',
      state: 'ok',
      waiting: 0,
      dead: 3,
      delivered: 18_204,
      since: now - 90 * minute,
    },
    {
      ...base,
      id: 'loyalty',
      url: 'https://loyalty.example.com/in',
      state: 'disabled',
      waiting: 41,
      oldestWaitingAt: now - 12 * minute,
      dead: 0,
      delivered: 900,
      failures: 1,
      lastError: 'HTTP 410',
      lastFault: fault('CRM_GONE'),
      since: now - 12 * minute,
    },
  ];
}

export function destinationRoute(method, destination, verb, now) {
  if (destination === undefined) return undefined;
  if (verb === 'dead-letters') {
    const rows = Array.from({ length: destination.dead }, (_, index) => ({
      seq: index + 1,
      type: 'item.sold',
      lane: 'https://id.gs1.org/01/04710088001008/21/1004',
      reason: 'HTTP 422: unknown SKU',
      fault: fault('CRM_REFUSED', { status: 422 }, fault('SAID', { text: 'unknown SKU' })),
      status: 422,
      diedAt: now - 5 * minute,
    }));
    return { rows, next: null };
  }
  if (method !== 'POST') return undefined;
  if (verb === 'enable') {
    Object.assign(destination, { state: 'ok', failures: 0, lastError: null, lastFault: null, since: Date.now() });
    return null;
  }
  const resent = destination.dead;
  destination.dead = 0;
  return { resent };
}

export function checkRows() {
  return [
    {
      name: 'store',
      state: 'ok',
      code: 'STORE_OK',
      params: { file: '/var/lib/silentgate/silentgate.db' },
      faults: [],
      text: 'The database is writable, WAL with FULL.',
      next: null,
    },
    {
      name: 'disk',
      state: 'warn',
      code: 'DISK_LOW',
      params: { folder: '/var/lib/silentgate', freeMb: 900 },
      faults: [],
      text: '900 MB are free.',
      next: 'Free some space on /var/lib/silentgate.',
    },
    {
      name: 'reader door-reader',
      state: 'fail',
      code: 'READER_OFFLINE',
      params: {
        reader: 'door-reader',
        address: 'rfid/door/events',
        state: 'waiting',
        error: 'Nothing listens at 10.0.0.5:1883: check the port and that the device’s service runs.',
      },
      faults: [fault('HOST_REFUSED', { where: '10.0.0.5:1883' })],
      text: 'Not connected for 3 minutes.',
      next: 'Check the broker’s address and that it runs.',
    },
  ];
}
