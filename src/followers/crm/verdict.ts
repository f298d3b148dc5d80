import { type Fault, fault, said } from '../../kit/index.ts';
import { longestWaitMs } from './schedule.ts';

/** What came back from one POST. `reached` says whether the request may have been seen by the receiver. */
export type Answer =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter: string | null;
      readonly location: string | null;
      readonly text: string;
    }
  | { readonly kind: 'error'; readonly reached: boolean; readonly fault: Fault };

/**
 * What an answer means. `delivered`: done. `refused`: these events never will be taken. `failed`: perhaps these events,
 * perhaps the receiver. The rest is about the destination as a whole: `unreachable`, `denied`, `wait` until (epoch ms), `gone`.
 */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly status: number; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'unreachable'; readonly fault: Fault }
  | { readonly kind: 'denied'; readonly fault: Fault }
  | { readonly kind: 'wait'; readonly until: number; readonly fault: Fault }
  | { readonly kind: 'gone'; readonly fault: Fault };

type Status = Extract<Answer, { kind: 'status' }>;

// Client errors that speak of the moment, not of the event [RFC 9110 15.5.9, RFC 8470].
const passing = [408, 425];

/** Judges an answer to a batch of `events` events. `now` is epoch ms. */
export function judge(answer: Answer, events: number, now: number): Verdict {
  if (answer.kind === 'error') return { kind: answer.reached ? 'failed' : 'unreachable', fault: answer.fault };
  const { status } = answer;
  const why = faultOfAnswer(answer);
  if (within(status, 200)) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', fault: why };
  if (status === 429 || status === 503) return restOr(answer, why, now);
  if ([401, 403].includes(status) || within(status, 300)) return { kind: 'denied', fault: why };
  return within(status, 400) ? clientError(status, why, events) : { kind: 'failed', fault: why };
}

function clientError(status: number, why: Fault, events: number): Verdict {
  // A conflict on one event says that the receiver has it already; on several it does not say which.
  if (status === 409 && events === 1) return { kind: 'delivered' };
  return passing.includes(status) ? { kind: 'failed', fault: why } : { kind: 'refused', status, fault: why };
}

function within(status: number, hundred: number): boolean {
  return status >= hundred && status < hundred + 100;
}

/** "Not now": with a time it is obeyed, without one a 429 still speaks of the whole destination. */
function restOr(answer: Status, why: Fault, now: number): Verdict {
  const until = retryAt(answer.retryAfter, now);
  if (until !== null) return { kind: 'wait', until, fault: why };
  return { kind: answer.status === 429 ? 'unreachable' : 'failed', fault: why };
}

/** `Retry-After` as epoch ms: seconds or an HTTP date [RFC 9110 10.2.3]; null when absent or unreadable. At most 7 days ahead. */
export function retryAt(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const at = /^\d+$/.test(text) ? now + Number(text) * 1000 : /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + longestWaitMs);
}

function faultOfAnswer(answer: Status): Fault {
  const { status, location, text } = answer;
  if (status === 401) return fault('CRM_SIGNATURE');
  if (status === 403) return fault('CRM_FORBIDDEN');
  if (within(status, 300)) {
    if (location === null) return fault('CRM_REDIRECT', { status });
    return fault('CRM_REDIRECT_TO', { status, location: plain(location) });
  }
  const words = text === '' ? null : said(plain(text));
  const own = Object.hasOwn(ownCodes, status) ? ownCodes[status] : undefined;
  return own === undefined ? fault(codeByClass(status), { status }, words) : fault(own, {}, words);
}

/** Answers that ask for something of their own. */
const ownCodes: Readonly<Record<number, 'CRM_NOT_FOUND' | 'CRM_GONE' | 'CRM_TOO_LARGE' | 'CRM_TOO_MANY'>> = {
  404: 'CRM_NOT_FOUND',
  410: 'CRM_GONE',
  413: 'CRM_TOO_LARGE',
  429: 'CRM_TOO_MANY',
};

function codeByClass(status: number): 'CRM_REFUSED' | 'CRM_SERVER_ERROR' | 'CRM_ODD_STATUS' {
  if (within(status, 400)) return 'CRM_REFUSED';
  return within(status, 500) ? 'CRM_SERVER_ERROR' : 'CRM_ODD_STATUS';
}

/** Foreign text made fit for a log line and a page: one line, no control characters, at most 200 characters. */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
