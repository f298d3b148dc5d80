/** Encodings in which spreadsheets and shop systems save CSV, by their names in the Encoding Standard. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'big5';

/** Why the bytes are no text: a workbook instead of CSV, or none of the encodings. */
export type EncodingFault = 'WORKBOOK' | 'UNKNOWN';

export type EncodingJudge = {
  take(bytes: Uint8Array): void;
  /** After the last bytes. */
  verdict(): Encoding | EncodingFault;
};

/**
 * Finds out how a file is encoded, in one pass and without keeping it: a byte-order mark; UTF-16 without one (every second byte of
 * the header is zero); UTF-8; else Big5, but only where the text looks like Chinese. Nothing else is guessed.
 */
export function createEncodingJudge(): EncodingJudge {
  const utf8 = createTrial('utf-8');
  const big5 = createTrial('big5');
  const common = createCommonShare();
  let head = new Uint8Array(0);
  return {
    take: (bytes) => {
      if (head.length < 8) head = joined(head, bytes.subarray(0, 8));
      utf8.take(bytes);
      big5.take(bytes);
      common.take(bytes);
    },
    verdict: () => {
      const sure = byHead(head);
      if (sure !== null) return sure;
      if (utf8.holds()) return 'utf-8';
      return big5.holds() && common.high() ? 'big5' : 'UNKNOWN';
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function byHead(head: Uint8Array): Encoding | 'WORKBOOK' | null {
  const [a, b, c, d] = head;
  // xlsx and ods are zip files, xls is a compound file
  if ((a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) || (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0))
    return 'WORKBOOK';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== undefined && a !== 0 && b === 0 && d === 0) return 'utf-16le';
  return a === 0 && c === 0 && b !== undefined && b !== 0 ? 'utf-16be' : null;
}

/** Decodes and throws the text away: whether all of it is valid. */
function createTrial(encoding: Encoding): { take(bytes: Uint8Array): void; holds(): boolean } {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let valid = true;
  const attempt = (bytes: Uint8Array, stream: boolean) => {
    try {
      if (valid) decoder.decode(bytes, { stream });
    } catch {
      valid = false;
    }
  };
  return {
    take: (bytes) => attempt(bytes, true),
    holds: () => {
      attempt(new Uint8Array(0), false);
      return valid;
    },
  };
}

/**
 * Counts how many two-byte characters are punctuation or of Big5's first level (lead byte A1 to C6), where everyday Chinese is.
 * GB 2312 and Western code pages decode as Big5 too, but spread over the rest.
 */
function createCommonShare(): { take(bytes: Uint8Array): void; high(): boolean } {
  let common = 0;
  let all = 0;
  let behindLead = false;
  return {
    take: (bytes) => {
      for (const byte of bytes) {
        const isLead: boolean = !behindLead && byte >= 0x81;
        if (isLead) all++;
        if (isLead && byte >= 0xa1 && byte <= 0xc6) common++;
        behindLead = isLead;
      }
    },
    high: () => common >= all * 0.85,
  };
}
