import { useWords } from '../state/context.ts';
import type { TagForm } from '../state/tag-forms.ts';
import { CopyButton } from './copy-button.tsx';

/** An EPC in every spelling, each to be copied. */
export function TagForms({ forms, scheme }: { forms: readonly TagForm[]; scheme: string }) {
  const { t } = useWords();
  return (
    <section class="card" aria-labelledby="forms">
      <div class="section-head">
        <h2 id="forms">{t('itemForms')}</h2>
        <span class="muted">{scheme.toUpperCase()}</span>
      </div>
      <dl class="forms">
        {forms.map((form) => (
          <div key={form.name}>
            <dt>{t(form.name)}</dt>
            <dd>
              <code id={form.name}>{form.text}</code>
              <CopyButton text={form.text} what={t(form.name)} of={form.name} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
