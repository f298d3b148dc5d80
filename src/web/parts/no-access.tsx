import { firstView } from '../state/access.ts';
import { useApp, useWords } from '../state/context.ts';
import { hrefOf } from '../state/route.ts';
import { Empty } from './load-state.tsx';
import { PageHead } from './page-head.tsx';

/** A page of others, reached by its address: nothing was asked of the gateway, and nothing is wrong. */
export function NoAccess() {
  const { t } = useWords();
  const { signIn } = useApp();
  return (
    <>
      <PageHead title={t('noAccessTitle')} />
      <Empty icon="settings" title={t('noAccess')} help={t('noAccessHelp')} />
      <p>
        <a class="button" href={hrefOf({ view: firstView(signIn.value) })}>
          {t('noAccessOn')}
        </a>
      </p>
    </>
  );
}
