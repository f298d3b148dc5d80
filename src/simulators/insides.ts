import type { MessageProfile, PluginName } from '../protocols/index.ts';
import { r700Inside } from './insides/impinj/r700.ts';
import { iotInside } from './insides/zebra/iot-connector.ts';
import { rfd40Inside } from './insides/zebra/rfd40.ts';
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
