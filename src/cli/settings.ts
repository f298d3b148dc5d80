import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, completeConfig, loadConfig } from '../config.ts';
import { demoSettings } from '../demo/index.ts';
import { shippedProfiles } from './version.ts';

const defaultFile = 'silentgate.yaml';

/** The configuration file that a command means: the one named, else `silentgate.yaml` here, else none (the demo store). */
export function configFile(named: string | undefined): string | null {
  if (named !== undefined) return named;
  return existsSync(defaultFile) ? defaultFile : null;
}

/** The configuration that a command works on. Without a file it is the demo store's, whose data lies in `./demo-data`. */
export function configOrDemo(named: string | undefined): Config {
  const file = configFile(named);
  if (file !== null) return loadConfig(file, shippedProfiles);
  return completeConfig(
    demoSettings({
      httpPort: 8080,
      mqttPort: 1883,
      crmUrl: 'http://127.0.0.1:8090/',
      shelfLink: { tcp: { host: '127.0.0.1', port: 4001 } },
    }),
    resolve('.'),
    shippedProfiles,
  );
}
