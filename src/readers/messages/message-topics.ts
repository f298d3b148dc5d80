import type { ReaderTopics } from '../../links/index.ts';
import type { ReaderOptions } from '../options.ts';

/** The topics that the configuration gives a reader at the broker; none where it has another link. */
export function topicsOf({ link: { mqtt } }: Pick<ReaderOptions, 'link'>): ReaderTopics {
  if (mqtt === undefined) return { says: [], hears: [] };
  const { topic, statusTopic, responseTopic, managementResponseTopic, commandTopic, managementTopic } = mqtt;
  return {
    says: given([topic, statusTopic, responseTopic, managementResponseTopic]),
    hears: given([commandTopic, managementTopic]),
  };
}

function given(topics: readonly (string | undefined)[]): string[] {
  return [...new Set(topics.filter((topic) => topic !== undefined))];
}
