import { r700Inside } from '../messages/plugins/impinj/r700/simulated.ts';
import { iotInside } from '../messages/plugins/zebra/iot-connector/simulated.ts';
import { rfd40Inside } from '../messages/plugins/zebra/rfd40/simulated.ts';
import type { MessageProfile, PluginName } from '../profile/message-profile.ts';
import { plainInside, type SimulatedInside } from './message-inside.ts';

/** What is inside of the simulated readers of a plug-in, by its name: `<maker>-<model>` is `insides/<maker>/<model>.ts`. */
export const insides: Readonly<Partial<Record<PluginName, (profile: MessageProfile) => SimulatedInside>>> = {
  'impinj-r700': r700Inside,
  'zebra-iot-connector': iotInside,
  'zebra-rfd40': rfd40Inside,
};

/** The inside of a simulated reader of that profile. */
export function insideOf(profile: MessageProfile): SimulatedInside {
  const make = profile.plugin === undefined ? undefined : insides[profile.plugin];
  return make?.(profile) ?? plainInside;
}
