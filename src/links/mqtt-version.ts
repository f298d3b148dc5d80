import type { LinkDeps } from './deps.ts';
import type { SessionEnd } from './mqtt-session.ts';

/** Closings without a word after which the other version is tried: some old brokers refuse MQTT 5 that way. */
const silentLimit = 2;

/** Which protocol version to speak: 5 (MQTT 5) until the broker refuses it, then 4 (MQTT 3.1.1). */
export function createVersionChooser(deps: LinkDeps) {
  let version: 4 | 5 = 5;
  let silent = 0;
  const change = (to: 4 | 5) => {
    silent = 0;
    version = to;
    deps.log.info({ version: to === 5 ? '5' : '3.1.1' }, 'trying the other MQTT version');
  };
  return {
    current: () => version,
    accepted: () => {
      silent = 0;
    },
    ended: ({ kind }: SessionEnd) => {
      if (kind === 'version' && version === 5) return change(4);
      if (kind === 'silent') silent += 1;
      if (silent >= silentLimit) change(version === 5 ? 4 : 5);
    },
  };
}
