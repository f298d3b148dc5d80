import type { Problem } from '../../kit/index.ts';
import { type MessageProfile, takesMap } from '../../protocols/index.ts';
import type { ReaderOptions } from '../options.ts';
import { settingProblems } from './control/limits.ts';
import { configuredSettings } from './control/set-up.ts';
import { commandsOf } from './dialects.ts';

/** What a configuration asks for that a reader of messages does not have. */
export function messageProblems(config: ReaderOptions, profile: MessageProfile): Problem[] {
  const problems: Problem[] = [];
  const { mqtt, http, replay } = config.link;
  if (mqtt === undefined && http === undefined && replay === undefined) {
    const allowed = 'mqtt, http or replay: this profile reads messages';
    problems.push({ pointer: '/link', found: Object.keys(config.link)[0], allowed });
  }
  if (config.map !== undefined && !takesMap(profile)) {
    problems.push({ pointer: '/map', found: 'map', allowed: 'no map: only profile generic/json takes one' });
  }
  if (config.control !== undefined && commandsOf(profile)?.over !== 'rest') {
    problems.push({
      pointer: '/control',
      found: 'control',
      allowed: `nothing: ${profile.id} takes no commands over REST`,
    });
  }
  return [
    ...problems,
    ...columnProblems(config),
    ...topicProblems(config, profile),
    ...configuredProblems(config, profile),
  ];
}

/** Without a header nobody says which column has a name. */
function columnProblems({ map }: ReaderOptions): Problem[] {
  if (map === undefined || map.header === true || (map.payload !== 'csv' && map.payload !== 'hex')) return [];
  const allowed = 'a column by its number, or header: true, which lets the first line name the columns';
  return map.id.flatMap(({ path }, i) =>
    path === undefined ? [] : [{ pointer: `/map/id/${i}/path`, found: path, allowed }],
  );
}

/** Commands need both topics, and a reader that understands them. */
function topicProblems({ link }: ReaderOptions, profile: MessageProfile): Problem[] {
  const { mqtt } = link;
  const over = commandsOf(profile)?.over;
  if (mqtt === undefined) return [];
  const topics = ['commandTopic', 'responseTopic', 'managementTopic', 'managementResponseTopic'] as const;
  const given = topics.filter((name) => mqtt[name] !== undefined);
  if (over !== 'mqtt') {
    const allowed = `nothing: ${profile.id} takes no commands over MQTT`;
    return given.map((name) => ({ pointer: `/link/mqtt/${name}`, found: mqtt[name], allowed }));
  }
  const pairs = [topics.slice(0, 2), topics.slice(2)];
  return pairs
    .filter((pair) => pair.filter((name) => given.includes(name)).length === 1)
    .map(([ask = '', answer = '']) => ({
      pointer: '/link/mqtt',
      found: given.join(', '),
      allowed: `${ask} and ${answer} together`,
    }));
}

function configuredProblems(config: ReaderOptions, profile: MessageProfile): Problem[] {
  const wanted = configuredSettings(config);
  if (wanted === null) return [];
  const problems = settingProblems(profile, wanted).map(({ key, found, allowed }) => ({
    pointer: `/${key}`,
    found,
    allowed,
  }));
  const isRest = commandsOf(profile)?.over === 'rest';
  const way = isRest ? config.control : config.link.mqtt?.commandTopic;
  if (problems.length > 0 || way !== undefined || config.link.replay !== undefined) return problems;
  const missing = isRest ? 'control' : 'link.mqtt.commandTopic';
  const allowed = `nothing without ${missing}: the gateway could not set it`;
  return Object.entries(wanted).map(([key, found]) => ({ pointer: `/${key}`, found, allowed }));
}
