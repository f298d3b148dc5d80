// What readers send: JSON of two shapes, in the order of time. `inField` tags are read in turn; `newEvery` reads a tag comes that nobody knows.

export const profiles = { 50: 'zebra/iot-connector', 1: 'impinj/r700' };

const iso = (at) => new Date(at).toISOString();
/** Of all tags. */
export const gtin = '80614141123458';
export const epcOf = (tag) => `3034257BF7194E40${(0x1000 + tag).toString(16).toUpperCase().padStart(8, '0')}`;

export function impinj({ epc, at }) {
  return {
    timestamp: iso(at),
    hostname: 'impinj-14-46-36',
    eventType: 'tagInventory',
    tagInventoryEvent: {
      epcHex: epc,
      tidHex: 'E28011606000020497CB0065',
      antennaPort: 1,
      peakRssiCdbm: -5530,
      frequency: 915250,
      phaseAngle: 12.5,
      lastSeenTime: iso(at),
    },
  };
}

export function zebra({ epc, at, n, reads }) {
  return {
    type: 'INVENTORY',
    timestamp: iso(at).replace('Z', '+0000'),
    data: {
      eventNum: n,
      format: 'epc',
      idHex: epc.toLowerCase(),
      antenna: 1,
      peakRssi: -55,
      reads,
      phase: 12.5,
      channel: 915.25,
    },
  };
}

/** Endless numbering, so that no round repeats a report of another. `perReport`: reads that a report stands for; two make a tag arrive at once. */
export function createStream({ batch, inField, newEvery, perReport = 1, firstNew = inField }) {
  let reads = 0;
  let tags = firstNew;
  const next = () => {
    const isNew = newEvery > 0 && reads % newEvery === newEvery - 1;
    const tag = isNew ? tags++ : reads % inField;
    reads += 1;
    return { epc: epcOf(tag), at: Date.now(), n: reads, reads: perReport };
  };
  const message = () => {
    const list = Array.from({ length: batch }, next);
    return JSON.stringify(batch === 1 ? impinj(list[0]) : list.map(zebra));
  };
  return {
    /** So many messages, made now. */
    messages: (count) => Array.from({ length: count }, message),
    /** How many tags it has named. */
    tags: () => tags,
  };
}
