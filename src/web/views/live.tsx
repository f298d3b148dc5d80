import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { FeedEvent, Reads, RecentTag } from '../../contract/index.ts';
import { AntennaTable } from '../parts/antenna-table.tsx';
import { EventLine, eventTone } from '../parts/event-line.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty } from '../parts/load-state.tsx';
import { Name } from '../parts/name.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SignalBars } from '../parts/signal-bars.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { Ago } from '../parts/time.tsx';
import { useApp, useMay, useWords } from '../state/context.ts';
import { hrefOf } from '../state/route.ts';
import { serialOf } from '../state/tag-forms.ts';

type Picture = {
  readonly reads: Reads | null;
  readonly trend: readonly number[];
  readonly tags: readonly RecentTag[];
  readonly events: readonly FeedEvent[];
};

/** What the readers see this second, and what it changed. */
export function LiveView() {
  const { t, format } = useWords();
  const { live, feed, now } = useApp();
  const frozen = useSignal<Picture | null>(null);
  const current = () => ({
    reads: live.reads.value,
    trend: live.trend.value,
    tags: live.tags.value,
    events: live.events.value,
  });
  const picture = frozen.value ?? current();
  const paused = frozen.value !== null;
  const toggle = () => {
    frozen.value = paused ? null : current();
  };
  return (
    <>
      <PageHead title={t('navLive')}>
        <button type="button" class="button" aria-pressed={paused} onClick={toggle}>
          <Icon name={paused ? 'play' : 'pause'} />
          {t(paused ? 'liveResume' : 'livePause')}
        </button>
      </PageHead>
      <div role="status">
        {paused && (
          <p class="notice notice-info">
            <Icon name="pause" />
            <span class="notice-body">
              <strong>{t('livePaused')}</strong> {t('livePausedHelp')}
            </span>
          </p>
        )}
        {feed.state.value === 'waiting' && (
          <p class="notice notice-bad">
            <Icon name="off" />
            <span class="notice-body">{t('liveStale', { time: format.clock(feed.since.value, now.value) })}</span>
          </p>
        )}
        {live.lost.value && <p class="notice notice-warn">{t('liveReset')}</p>}
      </div>
      <Totals reads={picture.reads} trend={picture.trend} />
      <div class="columns columns-live">
        <AntennaTable rows={picture.reads?.antennas ?? []} />
        <Tags tags={picture.tags} />
        <Events events={picture.events} />
      </div>
    </>
  );
}

function Totals({ reads, trend }: { reads: Reads | null; trend: readonly number[] }) {
  const { t, format } = useWords();
  return (
    <dl class="tiles">
      <div class="tile">
        <dt>{t('liveTags')}</dt>
        <dd class="big">{reads === null ? t('none') : format.count(reads.unique)}</dd>
      </div>
      <div class="tile">
        <dt>{t('liveRate')}</dt>
        <dd>
          <span class="big">{reads === null ? t('none') : format.rate(reads.rate)}</span>
          <Sparkline values={trend} label={t('liveTrend')} />
        </dd>
      </div>
    </dl>
  );
}

function Tags({ tags }: { tags: readonly RecentTag[] }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{t('liveRecent')}</h2>
      {tags.length === 0 ? (
        <Empty icon="live" title={t('liveNoReads')} help={t('liveNoReadsHelp')} />
      ) : (
        <ul class="card list" id="recent-tags">
          {tags.map((tag) => (
            <TagRow key={tag.id} tag={tag} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TagRow({ tag }: { tag: RecentTag }) {
  const { t, format } = useWords();
  const where = [tag.readPoint, tag.antenna === null ? null : `${t('liveAntenna')} ${tag.antenna}`];
  return (
    <li>
      <ItemLink class="row" id={tag.id}>
        <span class="row-main">
          <strong>
            <Name text={tag.name ?? t(tag.gtin === null ? 'noProduct' : 'unknownName')} />
          </strong>
          <span class="codes">
            <span>{tag.gtin ?? tag.hex}</span>
            {tag.gtin !== null && <span>#{serialOf(tag)}</span>}
          </span>
          <span class="muted small">{where.filter((part) => part !== null).join(' · ')}</span>
        </span>
        <span class="row-side">
          <SignalBars rssi={tag.rssi} />
          <span class="muted small">
            {t('liveReads', { n: format.count(tag.reads) })} · <Ago at={tag.at} />
          </span>
        </span>
      </ItemLink>
    </li>
  );
}

/** The way to an item, for those who may see it. */
function ItemLink({ id, class: look, children }: { id: string; class: string; children: ComponentChildren }) {
  if (!useMay('stock:read')) return <span class={look}>{children}</span>;
  return (
    <a class={look} href={hrefOf({ view: 'item', epc: id })}>
      {children}
    </a>
  );
}

function Events({ events }: { events: readonly FeedEvent[] }) {
  const { t } = useWords();
  return (
    <section class="card" aria-labelledby="events">
      <h2 id="events">{t('liveEvents')}</h2>
      {events.length === 0 ? (
        <p class="muted">{t('liveNoEvents')}</p>
      ) : (
        <ol class="timeline" id="item-events">
          {events.map((event) => (
            <li key={event.seq} class={`tone-${eventTone(event)}`}>
              <ItemLink class="timeline-name" id={event.item}>
                <Name text={event.name ?? t(event.gtin === null ? 'noProduct' : 'unknownName')} />
              </ItemLink>
              <strong>
                <EventLine row={event} />
              </strong>
              <span class="muted small">
                <Ago at={event.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
