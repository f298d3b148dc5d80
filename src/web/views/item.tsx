import type { Item, ItemDetail } from '../../contract/index.ts';
import { Lifecycle, Presence } from '../parts/chip.tsx';
import { Fact } from '../parts/fact.tsx';
import { History } from '../parts/history.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, LoadState } from '../parts/load-state.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { TagForms } from '../parts/tag-forms.tsx';
import { Ago } from '../parts/time.tsx';
import { Whereabouts } from '../parts/whereabouts.tsx';
import { useApp, usePlaceName, useWords } from '../state/context.ts';
import { useLoad } from '../state/load.ts';
import { presenceOf, problemsOf } from '../state/problems.ts';
import { hrefOf } from '../state/route.ts';
import { decode, formsOf, serialOf } from '../state/tag-forms.ts';

/** One single thing: where it is believed to be and where it was read last, then what it is and all that happened to it. */
export function ItemView({ epc }: { epc: string }) {
  const { changes } = useApp();
  const item = useLoad<ItemDetail>(`/items/${encodeURIComponent(epc)}`, changes);
  if (item.problem?.code === 'NOT_FOUND') return <UnknownItem epc={epc} />;
  return (
    <>
      {item.data === null && <PageHead back title={decode(epc)?.fields['serial'] ?? epc} />}
      <LoadState {...item} has={item.data !== null}>
        {item.data !== null && <KnownItem item={item.data} />}
      </LoadState>
    </>
  );
}

function KnownItem({ item }: { item: ItemDetail }) {
  const { t } = useWords();
  return (
    <>
      <PageHead back title={item.name ?? t(item.gtin === null ? 'noProduct' : 'unknownName')}>
        <Lifecycle value={item.lifecycle} />
      </PageHead>
      <p class="codes">
        <span>
          {t('serial')} {serialOf(item)}
        </span>
        {typeof item.sku === 'string' && (
          <span>
            {t('sku')} {item.sku}
          </span>
        )}
        {item.gtin !== null && (
          <a href={hrefOf({ view: 'product', gtin: item.gtin, lifecycle: '' })}>
            {t('gtin')} {item.gtin}
          </a>
        )}
      </p>
      <Problems item={item} />
      <div class="columns">
        <div class="stack">
          <Whereabouts item={item} />
          <StateCard item={item} />
          <TagForms forms={formsOf(item)} scheme={item.scheme} />
        </div>
        <History id={item.id} />
      </div>
    </>
  );
}

function Problems({ item }: { item: Item }) {
  const problems = problemsOf(item, useWords());
  return (
    <>
      {problems.map((problem) => (
        <div key={problem.text} class={`notice notice-${problem.severity}`}>
          <Icon name="warning" />
          <p class="notice-body">{problem.text}</p>
        </div>
      ))}
    </>
  );
}

function StateCard({ item }: { item: Item }) {
  const { t, format } = useWords();
  const cameFrom = usePlaceName()(item.previousLocation);
  return (
    <section class="card" aria-labelledby="state">
      <h2 id="state">{t('itemState')}</h2>
      <dl class="facts">
        <Fact name={t('itemLifecycle')}>
          <Lifecycle value={item.lifecycle} />
        </Fact>
        <Fact name={t('itemPresence')}>
          <Presence value={presenceOf(item)} />
        </Fact>
        {cameFrom !== null && <Fact name={t('itemCameFrom')}>{cameFrom}</Fact>}
        {item.firstSeenAt !== null && (
          <Fact name={t('itemFirstSeen')}>
            <Ago at={item.firstSeenAt} />
          </Fact>
        )}
        {item.custody !== null && <Fact name={t('itemCustody')}>{item.custody.party}</Fact>}
        {item.serviceCount > 0 && <Fact name={t('itemUses')}>{format.count(item.serviceCount)}</Fact>}
      </dl>
    </section>
  );
}

function UnknownItem({ epc }: { epc: string }) {
  const { t } = useWords();
  const read = decode(epc);
  return (
    <>
      <PageHead back title={t('itemUnknownTitle')} />
      <Empty icon="search" title={read?.epcUri ?? read?.id ?? epc} help={t('itemUnknown')} />
      {read?.gtin != null && (
        <p>
          <a class="button" href={hrefOf({ view: 'product', gtin: read.gtin, lifecycle: '' })}>
            {t('itemToProduct')}
          </a>
        </p>
      )}
      {read !== null && (
        <TagForms forms={formsOf({ id: read.id, hex: read.hex ?? '', epcUri: read.epcUri })} scheme={read.scheme} />
      )}
    </>
  );
}
