import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { LocaleChoice } from '../parts/choices.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useApp, useWords } from '../state/context.ts';
import { signInWith } from '../state/sign-in.ts';
import type { PlainKey } from '../words/index.ts';

/** The door: an API key, or why the link that brought somebody here did not open it. */
export function SignInView({ problem }: { problem: PlainKey | null }) {
  const { t } = useWords();
  return (
    <div class="door">
      <section class="card stack">
        <PageHead title={t('signInTitle')} />
        <p>{t('signInLead')}</p>
        <KeyForm told={problem} />
      </section>
      <LocaleChoice />
    </div>
  );
}

function KeyForm({ told }: { told: PlainKey | null }) {
  const { t } = useWords();
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  const busy = useSignal(false);
  const empty = useSignal(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const key = input.current?.value.trim() ?? '';
    empty.value = key === '';
    if (key !== '') {
      busy.value = true;
      await signInWith(app, { key });
      busy.value = false;
    }
    input.current?.focus();
  };
  const problem = empty.value ? 'signInEmpty' : told;
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <div role="alert">
        {problem !== null && (
          <p class="notice notice-bad" id="sign-in-problem">
            <Icon name="warning" />
            <span class="notice-body">{t(problem)}</span>
          </p>
        )}
      </div>
      <label class="field" for="key">
        <span>{t('signInKey')}</span>
        <input
          ref={input}
          id="key"
          name="key"
          type="password"
          autoComplete="current-password"
          spellcheck={false}
          maxLength={200}
          aria-describedby="key-hint"
          aria-invalid={problem !== null}
        />
      </label>
      <p class="muted small" id="key-hint">
        {t('signInKeyHint')}
      </p>
      <button type="submit" class="button button-primary" disabled={busy.value}>
        {t(busy.value ? 'signInWorking' : 'signInButton')}
      </button>
    </form>
  );
}
