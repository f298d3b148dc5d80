import type { Word } from './index.ts';

type Row = readonly [pattern: RegExp, word: string];

/** What the gateway says of links and deliveries, in English sentences, and the words we have for it; first match wins. */
const rows: readonly Row[] = [
  [/^(?:There is no (?:device|hardware behind)|The device) (?<where>\S+?)(?::| is gone|\.$)/, 'notFound'],
  [/^No permission for (?<where>.+?): add the/, 'denied'],
  [/^(?<where>.+) is in use by another program/, 'busy'],
  [/^(?<where>.+) is not a serial port/, 'notSerial'],
  [/^The device (?<where>.+) was unplugged/, 'unplugged'],
  [/^The name of (?<where>.+?) (?:is unknown|cannot be looked up)/, 'unknownName'],
  [/^Nothing listens at (?<where>.+?): /, 'refused'],
  [/^There is no network to (?<where>.+?): /, 'unreachable'],
  [/^(?<where>\S+) cannot be reached: /, 'unreachable'],
  [/^(?<where>\S+) does not answer: /, 'silent'],
  [/^(?<where>\S+) cut the connection/, 'cut'],
  [/^The broker refuses the user name/, 'wrongLogin'],
  [/^The broker does not let this account/, 'noRight'],
  [/^Another program signs in with the same client id/, 'sameClient'],
  [/certificate has expired|certificate is not valid yet|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'expired'],
  [/certificate is not trusted|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)/, 'untrusted'],
  [/certificate is for another name|ALTNAME_INVALID/, 'otherName'],
  [/does not speak TLS|ERR_SSL_(?:WRONG_VERSION|PACKET_LENGTH)/, 'notTls'],
  [/^no answer within (?<ms>\d+) ms/, 'noAnswer'],
  [/^HTTP (?<status>401|403|404|410|429)\b/, 'http{status}'],
  [/^HTTP (?<status>3\d\d)\b/, 'redirect'],
  [/^HTTP (?<status>5\d\d)\b/, 'receiver'],
  [/^HTTP (?<status>\d{3})\b/, 'http'],
  [/ECONNREFUSED (?<where>\S+)/, 'refused'],
  [/(?:ENOTFOUND|EAI_AGAIN) (?<where>\S+)/, 'unknownName'],
  [/(?:EHOSTUNREACH|ENETUNREACH) (?<where>\S+)/, 'unreachable'],
  [/ETIMEDOUT (?<where>\S+)/, 'silent'],
  [/(?<code>ECONNRESET|EPIPE|UND_ERR_[A-Z_]+|HPE_[A-Z_]+)/, 'connection'],
];

/** A fault that the gateway tells in English, in the words of our language; null for one we have no words for. */
export function faultWords(word: Word, text: string): string | null {
  for (const [pattern, name] of rows) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return word('fault', name.replace('{status}', groups['status'] ?? ''), groups);
    if (pattern.test(text)) return word('fault', name);
  }
  return null;
}
