import type { MessageProfile, PluginName } from '../../protocols/index.ts';
import type { MessageCommands } from './control/dialect.ts';
import { r700Commands } from './dialects/impinj/r700.ts';
import { iotCommands } from './dialects/zebra/iot-connector.ts';
import { rfd40Commands } from './dialects/zebra/rfd40.ts';

/** What the readers of a plug-in can be asked for, by its name: `<maker>-<model>` is `dialects/<maker>/<model>.ts`. */
export const dialects: Readonly<Partial<Record<PluginName, MessageCommands>>> = {
  'impinj-r700': r700Commands,
  'zebra-iot-connector': iotCommands,
  'zebra-rfd40': rfd40Commands,
};

/** What the profile's readers can be asked for; null where they can only be listened to. */
export function commandsOf({ plugin }: MessageProfile): MessageCommands | null {
  return plugin === undefined ? null : (dialects[plugin] ?? null);
}
