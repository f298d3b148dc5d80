import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp, useWords } from '../state/context.ts';
import { normalise, readSearch } from '../state/search-text.ts';
import { Icon } from './icon.tsx';

type Props = { readonly q: string; readonly onSearch: (q: string) => void };

const settleMs = 250;

/**
 * The one box for name, SKU, GTIN and EPC. It searches while one types, an EPC leads straight to its item, and a GTIN with
 * Enter to its product. What a scanner types is taken away before it is a search: see state/scan.ts.
 */
export function SearchBox(props: Props) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const { typed, type, settle, compose } = useSearchText(props);
  useScanned(input, type, props.q);
  useEffect(() => {
    // On a phone the keyboard would cover the results.
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    settle(input.current?.value ?? typed, true);
    // The next word or scan takes the place of this one.
    input.current?.select();
  };
  const clear = () => {
    type('');
    settle('');
    input.current?.focus();
  };
  return (
    <search>
      <form class="search" onSubmit={submit}>
        <label class="visually-hidden" for="search">
          {t('searchLabel')}
        </label>
        <Icon name="search" />
        <input
          ref={input}
          id="search"
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          maxLength={200}
          placeholder={t('searchHint')}
          value={typed}
          onCompositionStart={() => compose(true)}
          onCompositionEnd={() => compose(false)}
          onInput={(event) => type(event.currentTarget.value)}
        />
        {typed !== '' && (
          <button type="button" class="button button-icon button-bare" aria-label={t('searchClear')} onClick={clear}>
            <Icon name="clear" />
          </button>
        )}
      </form>
    </search>
  );
}

/** A scan came into the box or elsewhere: what stood here gives way to it, and the next one will not be added to it. */
function useScanned(input: { current: HTMLInputElement | null }, type: (text: string) => void, q: string) {
  const { scans } = useApp();
  const count = scans.last.value?.count ?? 0;
  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    if (input.current !== null) input.current.value = q;
    type(q);
    input.current?.select();
  }, [count, q]);
}

/** What is in the box, and when it becomes a search: at rest or by Enter, never in the middle of composing a character. */
function useSearchText({ q, onSearch }: Props) {
  const { router } = useApp();
  const [typed, type] = useState(q);
  const [composing, compose] = useState(false);
  const asked = useRef(q);
  const settle = (text: string, entered = false) => {
    const read = readSearch(text);
    if (read.kind === 'item') return router.go({ view: 'item', epc: read.epc });
    if (read.kind === 'gtin' && entered) return router.go({ view: 'product', gtin: read.gtin, lifecycle: '' });
    asked.current = normalise(text);
    onSearch(asked.current);
  };
  useEffect(() => {
    // Changed from outside: a chip was removed, or the back button pressed.
    if (q === asked.current) return;
    asked.current = q;
    type(q);
  }, [q]);
  useEffect(() => {
    if (composing || normalise(typed) === asked.current) return;
    const timer = setTimeout(() => settle(typed), settleMs);
    return () => clearTimeout(timer);
  }, [typed, composing]);
  return { typed, type, settle, compose };
}
