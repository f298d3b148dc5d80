import type { MessageProfile, PluginName } from '../vocabulary/message-profile.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';
import { type MessagePlugin, plainPlugin } from './plugin.ts';
import { genericJson } from './plugins/generic/json.ts';
import { impinjR700 } from './plugins/impinj/r700.ts';
import { impinjSpeedwayConnect } from './plugins/impinj/speedway-connect.ts';
import { zebraIotConnector } from './plugins/zebra/iot-connector.ts';
import { zebraRfd40 } from './plugins/zebra/rfd40.ts';

/** Every plug-in by the name that profiles give it: `<maker>-<model>` is `plugins/<maker>/<model>.ts`. */
export const plugins = {
  'generic-json': genericJson,
  'impinj-r700': impinjR700,
  'impinj-speedway-connect': impinjSpeedwayConnect,
  'zebra-iot-connector': zebraIotConnector,
  'zebra-rfd40': zebraRfd40,
} satisfies Record<PluginName, MessagePlugin>;

export function pluginOf({ plugin }: MessageProfile): MessagePlugin {
  return plugin === undefined ? plainPlugin : plugins[plugin];
}

/** Whether the `map` of a reader's configuration takes the place of the profile's. */
export function takesMap(profile: MessageProfile): boolean {
  return pluginOf(profile).takesMap;
}

/** Where the values of a read are: as the profile says, and behind that as its plug-in does. */
export function readMapOf(profile: MessageProfile): ReadMap {
  const { pc = [], ...own } = profile.map;
  const places: ReadMap = pc.length === 0 ? own : { ...own, pc: pc.map(({ path }) => ({ path, encoding: 'hex' })) };
  const more = Object.entries(pluginOf(profile).map).map(([key, value]) => {
    const before: unknown = places[key as keyof ReadMap];
    return [key, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value] as const;
  });
  return { ...places, ...Object.fromEntries(more) };
}
