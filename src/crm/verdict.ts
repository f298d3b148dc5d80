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
  | { readonly kind: 'error'; readonly reached: boolean; readonly text: string };

/**
 * What an answer means. `delivered`: done. `refused`: these events never will be taken. `failed`: perhaps these events,
 * perhaps the receiver. The rest is about the destination as a whole: `unreachable`, `denied`, `wait` until (epoch ms), `gone`.
 */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'unreachable'; readonly text: string }
  | { readonly kind: 'denied'; readonly text: string }
  | { readonly kind: 'wait'; readonly until: number; readonly text: string }
  | { readonly kind: 'gone'; readonly text: string };

type Status = Extract<Answer, { kind: 'status' }>;

// Client errors that speak of the moment, not of the event [RFC 9110 15.5.9, RFC 8470].
const passing = [408, 425];

/** Judges an answer to a batch of `events` events. `now` is epoch ms. */
export function judge(answer: Answer, events: number, now: number): Verdict {
  if (answer.kind === 'error') return { kind: answer.reached ? 'failed' : 'unreachable', text: answer.text };
  const { status } = answer;
  const text = described(answer);
  if (within(status, 200)) return { kind: 'delivered' };
  if (status === 410) return { kind: 'gone', text };
  if (status === 429 || status === 503) return restOr(answer, text, now);
  if ([401, 403].includes(status) || within(status, 300)) return { kind: 'denied', text };
  return within(status, 400) ? clientError(status, text, events) : { kind: 'failed', text };
}

function clientError(status: number, text: string, events: number): Verdict {
  // A conflict on one event says that the receiver has it already; on several it does not say which.
  if (status === 409 && events === 1) return { kind: 'delivered' };
  return passing.includes(status) ? { kind: 'failed', text } : { kind: 'refused', status, text };
}

function within(status: number, hundred: number): boolean {
  return status >= hundred && status < hundred + 100;
}

/** "Not now": with a time it is obeyed, without one a 429 still speaks of the whole destination. */
function restOr(answer: Status, text: string, now: number): Verdict {
  const until = retryAt(answer.retryAfter, now);
  if (until !== null) return { kind: 'wait', until, text };
  return { kind: answer.status === 429 ? 'unreachable' : 'failed', text };
}

/** `Retry-After` as epoch ms: seconds or an HTTP date [RFC 9110 10.2.3]; null when absent or unreadable. At most 7 days ahead. */
export function retryAt(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const at = /^\d+$/.test(text) ? now + Number(text) * 1000 : /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + longestWaitMs);
}

function described(answer: Status): string {
  const { status, location, text } = answer;
  if (status === 401) return 'HTTP 401: the receiver does not accept the signature; compare the secrets';
  if (status === 403) return 'HTTP 403: the receiver forbids it; check the address and the rights there';
  if (within(status, 300)) {
    return `HTTP ${status}: redirects are not followed; configure the final address${location === null ? '' : ` (${plain(location)})`}`;
  }
  return text === '' ? `HTTP ${status}` : `HTTP ${status}: ${plain(text)}`;
}

/** Foreign text made fit for a log line and a page: one line, no control characters, at most 200 characters. */
export function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
