import type { SignedIn, StaffSession } from '../../contract/index.ts';
import type { Problem } from '../gateway/client.ts';
import type { PlainKey } from '../words/index.ts';
import type { App } from './app.ts';

type Secret = { readonly code: string } | { readonly key: string };

/** At the start: takes the one-time code from the address if there is one, else asks whether a session is still good. */
export async function resume(app: App): Promise<void> {
  const code = takeCode();
  if (code !== null && (await signInWith(app, { code }))) return;
  const result = await app.client.get<StaffSession>('/session');
  if (result.ok) app.signIn.value = { state: 'in', session: result.data };
  else if (result.problem.code === 'UNREACHABLE') app.signIn.value = { state: 'checking' };
  else app.signIn.value = { state: 'out', problem: outReason(app) };
}

/** Exchanges a one-time code or an API key for a session cookie. False leaves the reason in `app.signIn`. */
export async function signInWith(app: App, secret: Secret): Promise<boolean> {
  const result = await app.client.send<SignedIn>('POST', '/session', secret);
  if (!result.ok) {
    const unreachable = result.problem.code === 'UNREACHABLE';
    app.signIn.value = unreachable ? app.signIn.value : { state: 'out', problem: wrong(secret, result.problem) };
    return false;
  }
  const whole = await app.client.get<StaffSession>('/session');
  app.signIn.value = { state: 'in', session: whole.ok ? whole.data : { ...result.data, site: null } };
  return true;
}

/** Ends the session. */
export async function signOut(app: App): Promise<void> {
  await app.client.send('DELETE', '/session');
  app.signIn.value = { state: 'out', problem: null };
}

/** Takes a one-time link that is opened in a tab which shows the app already: then nothing loads, only the hash changes. */
export function watchLinks(app: App): void {
  addEventListener('hashchange', () => {
    if (codeInAddress() !== undefined) void resume(app);
  });
}

const codeInAddress = () => /^#(?:\/\?)?code=([^&]+)/.exec(location.hash)?.[1];

/** The code is a secret: it leaves the address bar and the history at once. */
function takeCode(): string | null {
  const code = codeInAddress();
  if (code === undefined) return null;
  history.replaceState(null, '', '#/');
  dispatchEvent(new HashChangeEvent('hashchange'));
  return decodeURIComponent(code);
}

function outReason(app: App): PlainKey | null {
  const before = app.signIn.value;
  return before.state === 'out' && before.problem !== 'signInEnded' ? before.problem : null;
}

function wrong(secret: Secret, problem: Problem): PlainKey {
  if (problem.status === 429) return 'signInTooMany';
  if (problem.status !== null && problem.status >= 500) return 'errorServer';
  return 'code' in secret ? 'signInBadCode' : 'signInBadKey';
}
