import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp, useWords } from '../state/context.ts';
import { hrefOf } from '../state/route.ts';
import { Icon } from './icon.tsx';

type Props = { readonly title: string; readonly back?: boolean; readonly children?: ComponentChildren };

/** A page's heading. It names the browser tab, and takes the focus so that the next Tab starts in the page. */
export function PageHead({ title, back = false, children }: Props) {
  const { t } = useWords();
  const { stock } = useApp().router;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · ${t('appName')}`;
  }, [title, t]);
  return (
    <div class="page-head">
      {back && (
        <a class="back" href={hrefOf(stock.value)}>
          <Icon name="back" />
          {t('back')}
        </a>
      )}
      <div class="page-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
    </div>
  );
}
