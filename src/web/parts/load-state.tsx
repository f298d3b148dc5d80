import type { ComponentChildren } from 'preact';
import type { Problem } from '../gateway/client.ts';
import { useWords } from '../state/context.ts';
import type { PlainKey } from '../words/index.ts';
import { Icon, type IconName } from './icon.tsx';

type Props = {
  readonly loading: boolean;
  readonly problem: Problem | null;
  readonly has: boolean;
  readonly reload: () => void;
  readonly children: ComponentChildren;
};

/** Shows data if there is any; else that it is on its way, or why there is none. Never an empty place. */
export function LoadState({ loading, problem, has, reload, children }: Props) {
  if (has) {
    return (
      <>
        {problem !== null && problem.code !== 'UNREACHABLE' && <Failure problem={problem} reload={reload} />}
        {children}
      </>
    );
  }
  if (problem !== null && !loading) return <Failure problem={problem} reload={reload} />;
  return <Skeleton />;
}

/** Why something could not be had, what to do, and the code to search for. */
export function Failure({ problem, reload }: { problem: Problem; reload: () => void }) {
  const { t } = useWords();
  const unreachable = problem.code === 'UNREACHABLE';
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warning" />
      <div class="notice-body">
        <strong>{t(unreachable ? 'unreachable' : 'errorTitle')}</strong>
        <p>{t(explain(problem))}</p>
        {!unreachable && <p class="muted">{t('errorCode', { code: problem.code })}</p>}
        <button type="button" class="button" onClick={reload}>
          {t('retry')}
        </button>
      </div>
    </div>
  );
}

/** An honest nothing: the list was loaded and has no rows. */
export function Empty({ icon, title, help }: { icon: IconName; title: string; help: string }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      <p>{help}</p>
    </div>
  );
}

function Skeleton() {
  const { t } = useWords();
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{t('loading')}</span>
      <span class="bone" />
      <span class="bone" />
      <span class="bone" />
    </div>
  );
}

const byCode: Readonly<Record<string, PlainKey>> = {
  UNREACHABLE: 'unreachableHelp',
  FORBIDDEN: 'errorForbidden',
  NOT_FOUND: 'errorNotFound',
  TAG_INVALID: 'errorTagInvalid',
  REQUEST_INVALID: 'errorTagInvalid',
  RATE_LIMITED: 'errorBusy',
  OVERLOADED: 'errorBusy',
};

function explain(problem: Problem): PlainKey {
  return byCode[problem.code] ?? 'errorServer';
}
