import { GatewayError, pause } from '../../../kit/index.ts';
import { connectMqtt } from '../../../links/index.ts';
import { createTopicWatch, type TopicFinding, topicReaders, yamlOf } from '../../../readers/index.ts';
import { untilOpen } from '../../link-watch.ts';
import type { Report, Search } from './search.ts';

/** Listens at a broker and says of each topic which profile understands it. */
export async function findTopics({ flags, deps, profiles }: Search): Promise<Report> {
  const { mqtt: url = '', topic, username, seconds } = flags;
  if (!/^mqtts?:\/\/[^@/?#]+\/?$/.test(url)) {
    throw new GatewayError('REQUEST_INVALID', `${url} is no broker: write it as mqtt://HOST:1883.`);
  }
  const password = process.env['SILENTGATE_MQTT_PASSWORD'];
  const connection = connectMqtt(
    {
      url,
      clientId: `silentgate-detect-${process.pid}`,
      keepSession: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    },
    deps,
  );
  const watch = createTopicWatch(profiles);
  connection.subscribe(topic, async (message) => watch.message(message));
  connection.open();
  try {
    await untilOpen(connection.state, (text) => process.stderr.write(`${text}\n`), deps.clock);
    await pause(deps.clock, seconds * 1000);
  } finally {
    await connection.close();
  }
  const findings = watch.findings();
  const readers = topicReaders(findings);
  const none = `Nothing was published to ${topic} within ${seconds} s. Hold a tag to the reader, or listen longer with --seconds.`;
  return {
    lines: findings.length === 0 ? [none] : findings.map(line),
    yaml: yamlOf(readers),
    data: { topics: findings },
    readers: readers.length,
  };
}

function line({ topic, messages, understood }: TopicFinding): string {
  const [best, ...rest] = understood;
  const count = `${messages} ${messages === 1 ? 'message' : 'messages'}`;
  if (best === undefined) return `${topic}: ${count}, understood by no profile; see docs/readers/generic.md`;
  const { profile, reads, events, bad } = best;
  const others = rest.map((other) => other.profile).join(', ');
  return `${topic}: ${count}, ${profile} makes ${reads} reads and ${events} events of it, ${bad} bad${others === '' ? '' : ` (also ${others})`}`;
}
