import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp, useWords } from '../state/context.ts';
import { hrefOf } from '../state/route.ts';
import { Icon } from './icon.tsx';

type Props = { readonly title: string; readonly back?: boolean; readonly children?: ComponentChildren };

/** A page's heading; of a long one two lines, and the rest at a tap. It names the browser tab, and takes the focus so that the next Tab starts in the page. */
export function PageHead({ title, back = false, children }: Props) {
  const { t } = useWords();
  const { stock } = useApp().router;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  const [cut, setCut] = useState(false);
  const [whole, setWhole] = useState(false);
  useLayoutEffect(() => {
    const element = heading.current;
    if (element === null) return;
    // Glyphs may rise out of their line; what is cut is a line at least.
    const measure = () => setCut(element.scrollHeight - element.clientHeight > element.clientHeight / 4);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [title]);
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
        <h1 ref={heading} tabIndex={-1} class={whole ? '' : 'clamp'} title={title}>
          {title}
        </h1>
        {(cut || whole) && (
          <button
            type="button"
            class="button button-bare name-more"
            aria-expanded={whole}
            onClick={() => setWhole(!whole)}
          >
            {t(whole ? 'nameLess' : 'nameWhole')}
          </button>
        )}
        {children}
      </div>
    </div>
  );
}
