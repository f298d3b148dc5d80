import { LocaleChoice, ThemeChoice } from '../parts/choices.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useApp, useWords } from '../state/context.ts';
import { signOut } from '../state/sign-in.ts';

/** What this device's user may choose, and who is signed in. */
export function SettingsView() {
  const { t } = useWords();
  const app = useApp();
  const signIn = app.signIn.value;
  const session = signIn.state === 'in' ? signIn.session : null;
  return (
    <>
      <PageHead title={t('navSettings')} />
      <section class="card stack">
        <LocaleChoice />
        <ThemeChoice />
      </section>
      {session !== null && (
        <section class="card stack" aria-labelledby="account">
          <h2 id="account">{t('settingsAccount')}</h2>
          <p>{t('signedInAs', { name: session.name })}</p>
          {session.site !== null && (
            <p class="muted">
              {t('settingsSite')} {session.site.name}
            </p>
          )}
          <div>
            <h3>{t('settingsScopes')}</h3>
            <ul class="counts">
              {session.scopes.map((scope) => (
                <li key={scope}>
                  <code>{scope}</code>
                </li>
              ))}
            </ul>
          </div>
          <div class="actions">
            <button type="button" class="button" onClick={() => void signOut(app)}>
              {t('signOut')}
            </button>
          </div>
        </section>
      )}
    </>
  );
}
