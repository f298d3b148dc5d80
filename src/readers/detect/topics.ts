import type { LinkMessage } from '../../links/index.ts';
import { openDecoder, type Profile } from '../../profiles/index.ts';
import { takesMap } from '../../protocols/index.ts';

/** How far one profile understood what came on a topic. */
type Understanding = {
  readonly profile: string;
  readonly reads: number;
  readonly events: number;
  readonly bad: number;
};

/** What came on one topic. The understandings are of the profiles that made anything of it, the best first. */
export type TopicFinding = {
  readonly topic: string;
  readonly messages: number;
  readonly understood: readonly Understanding[];
};

const MOST_TOPICS = 500;
const MOST_MESSAGES = 1_000;
const LONGEST = 262_144;

/** Listens to topics and tells for each which message profile understands it. Bounded, whatever a broker carries. */
export function createTopicWatch(profiles: readonly Profile[]) {
  const watched = profiles.filter((profile) => profile.kind === 'messages');
  const topics = new Map<string, ReturnType<typeof createTopic>>();
  return {
    message: (message: LinkMessage): void => {
      const known = topics.get(message.topic);
      if (known === undefined && topics.size >= MOST_TOPICS) return;
      const topic = known ?? createTopic(watched);
      topics.set(message.topic, topic);
      topic.message(message);
    },
    findings: (): TopicFinding[] =>
      [...topics]
        .map(([topic, { finding }]) => ({ topic, ...finding() }))
        .sort((a, b) => a.topic.localeCompare(b.topic)),
  };
}

function createTopic(profiles: readonly Profile[]) {
  const all = profiles.map((profile) => ({
    decoder: openDecoder(profile),
    count: { profile: profile.id, reads: 0, events: 0, bad: 0 },
    // A profile that is told where values are understands whatever has an EPC: a maker's own says more.
    isGeneric: profile.kind === 'messages' && takesMap(profile),
  }));
  let messages = 0;
  // Who only knows that it is no read knows less than who makes reads of it.
  const hasReads = () => all.some(({ count }) => count.reads > 0);
  return {
    message: ({ topic, payload }: LinkMessage): void => {
      messages += 1;
      if (messages > MOST_MESSAGES || payload.length > LONGEST) return;
      for (const { decoder, count } of all) {
        for (const { kind } of decoder.push(payload, { topic, status: true }))
          if (kind !== 'remark') count[countOf[kind]] += 1;
      }
    },
    finding: () => ({
      messages,
      understood: all
        .filter(({ count }) => (hasReads() ? count.reads : count.events) > 0)
        .sort((a, b) => rank(b.count) - rank(a.count) || Number(a.isGeneric) - Number(b.isGeneric))
        .map(({ count }) => count),
    }),
  };
}

const countOf = { read: 'reads', bad: 'bad', event: 'events', answer: 'events' } as const;

/** Reads first; then how much made sense, in steps of a tenth so that one damaged member does not decide. */
function rank({ reads, events, bad }: Understanding): number {
  return (reads > 0 ? 100 : 0) + Math.round(((reads + events) / (reads + events + bad)) * 10);
}
