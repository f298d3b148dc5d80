import { brokerOf, type Config, readConfig } from '../config.ts';
import { refuseOtherSiteIn } from '../journal/index.ts';
import { formatProblem, formatWarning, GatewayError, type LocatedProblem } from '../kit/index.ts';
import { checkFolder, listenError } from './doctor-offline.ts';
import { shippedProfiles } from './version.ts';

/** `silentgate check`: prints every mistake and exits 1 where `start` would refuse; warnings alone exit 0. */
export async function checkFile(file: string): Promise<void> {
  const result = readConfig(file, shippedProfiles, process.env);
  if (!('config' in result)) throw refusal(file, result.problems);
  const { config, warnings } = result;
  for (const warning of warnings) process.stderr.write(`${formatWarning(file, warning)}\n`);
  const refused = await refusedBySystem(config);
  if (refused.length > 0) throw new GatewayError('CONFIG_INVALID', refused.map((one) => `${file}: ${one}`).join('\n'));
  const { readers, readPoints } = config;
  process.stdout.write(`${file}: good; ${readers.length} readers, ${readPoints.length} read points.\n`);
}

/** Every mistake of a file, one a line. */
function refusal(file: string, problems: readonly LocatedProblem[]): GatewayError {
  return new GatewayError('CONFIG_INVALID', problems.map((one) => formatProblem(file, one)).join('\n'), { file });
}

/**
 * What this machine would refuse whatever else runs on it: a data folder that cannot be written or is another site's, an
 * address that is not its own. A port that is in use at this moment is the doctor's matter.
 */
async function refusedBySystem(config: Config): Promise<string[]> {
  const folder = checkFolder(config.data);
  const refused = folder.state === 'ok' ? otherSite(config) : [`data: ${folder.text} ${folder.next}`];
  for (const { key, host, port } of listeners(config)) {
    const error = await listenError(host, port);
    if (error !== null && !('code' in error && error.code === 'EADDRINUSE'))
      refused.push(`${key}: nothing can listen on ${host}:${port}: ${error.message}.`);
  }
  return refused;
}

function otherSite({ data, site }: Config): string[] {
  try {
    refuseOtherSiteIn(data, site.id);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [`data: ${error.message}`];
  }
}

function listeners({ http = {}, mqtt }: Config) {
  const page = { key: 'http.host', host: http.host ?? '127.0.0.1', port: http.port ?? 8080 };
  const host = mqtt === undefined ? null : brokerOf(mqtt, () => []).listens;
  const port = mqtt !== undefined && 'broker' in mqtt ? (mqtt.port ?? 1883) : 0;
  return host === null ? [page] : [page, { key: 'mqtt.host', host, port }];
}
