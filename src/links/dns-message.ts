/** One record of a DNS message (RFC 1035, 3.2.1); names without the last dot, in lower case. */
export type DnsRecord =
  | { readonly type: 'PTR'; readonly name: string; readonly target: string }
  | { readonly type: 'SRV'; readonly name: string; readonly target: string; readonly port: number }
  | { readonly type: 'A'; readonly name: string; readonly address: string };

const types = { A: 1, PTR: 12, SRV: 33 } as const;
const INTERNET = 1;
const HEADER = 12;
const MOST_RECORDS = 200;
/** A name has no more labels than this, pointers followed: a message that points in a circle ends here. */
const MOST_LABELS = 128;

/** A question for the PTR records of a service, such as `_llrp._tcp.local`. */
export function ptrQuestion(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  const header = Buffer.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, types.PTR, 0, INTERNET])]);
}

/** The records of an answer that we know; a damaged message gives those that stand before the damage. */
export function readRecords(message: Uint8Array): DnsRecord[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const records: DnsRecord[] = [];
  try {
    let at = skipQuestions(bytes);
    const count = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
    for (let i = 0; i < Math.min(count, MOST_RECORDS); i++) {
      const head = readName(bytes, at);
      const size = bytes.readUInt16BE(head.end + 8);
      const data = head.end + 10;
      if (data + size > bytes.length) break;
      const record = readRecord(bytes, head.name, bytes.readUInt16BE(head.end), data, size);
      if (record !== null) records.push(record);
      at = data + size;
    }
  } catch (error) {
    // Reading past the end of a short message.
    if (!(error instanceof RangeError)) throw error;
  }
  return records;
}

function skipQuestions(bytes: Buffer): number {
  let at = HEADER;
  for (let i = 0; i < Math.min(bytes.readUInt16BE(4), MOST_RECORDS); i++) at = readName(bytes, at).end + 4;
  return at;
}

function readRecord(bytes: Buffer, name: string, type: number, at: number, size: number): DnsRecord | null {
  if (type === types.PTR) return { type: 'PTR', name, target: readName(bytes, at).name };
  if (type === types.SRV && size > 6) {
    return { type: 'SRV', name, target: readName(bytes, at + 6).name, port: bytes.readUInt16BE(at + 4) };
  }
  if (type === types.A && size === 4) return { type: 'A', name, address: [...bytes.subarray(at, at + 4)].join('.') };
  return null;
}

/** `end` is where the name stops in its own place, however far its pointers lead (RFC 1035, 4.1.4). */
function readName(bytes: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = from;
  let end = -1;
  for (let steps = 0; steps < MOST_LABELS; steps++) {
    const size = bytes.readUInt8(at);
    if (size >= 0xc0) {
      if (end === -1) end = at + 2;
      at = bytes.readUInt16BE(at) & 0x3fff;
      continue;
    }
    if (size === 0) return { name: labels.join('.').toLowerCase(), end: end === -1 ? at + 1 : end };
    labels.push(bytes.subarray(at + 1, at + 1 + size).toString('utf8'));
    at += 1 + size;
  }
  throw new RangeError('a name without an end');
}
