import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { folderHolder } from '../journal/index.ts';
import { GatewayError, messageOf } from '../kit/index.ts';
import { type Check, examineBeside, examineOffline } from './doctor-offline.ts';
import { addressOf, askApi, lookForRun, readRun } from './local-gateway.ts';

/** A gateway that is well answers in far less; people wait for this. */
const patienceMs = 15_000;

/** `answers`: the findings are the gateway's own. */
type Examined = { readonly answers: boolean; readonly checks: readonly Check[] };

/**
 * What the gateway of this configuration says of itself; where it does not run, or does not say, what can be seen from
 * outside. A gateway that holds its folder is never called a stranger, and nobody is asked to end it.
 */
export async function examineGateway(config: Config, file: string | null): Promise<Examined> {
  const found = lookForRun(config.data);
  if (found.state === 'unreadable') return fromOutside([unreadable(found.why, file)]);
  if (found.state === 'found') {
    try {
      const answer = await askApi(addressOf(found.run), 'GET', '/doctor', undefined, patienceMs);
      return { answers: true, checks: (answer as { checks: Check[] }).checks };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return fromOutside(await beside(config, mute(found.run, error)));
    }
  }
  const holder = folderHolder(config.data);
  if (holder.state === 'held') return fromOutside(await beside(config, busy(config.data, holder.pid)));
  return fromOutside([down(file), ...demoBeside(file), ...(await examineOffline(config, process.env))]);
}

const fromOutside = (checks: readonly Check[]): Examined => ({ answers: false, checks });

/** Its ports and devices are its own while it runs, so they are not tried. */
async function beside(config: Config, gateway: Check): Promise<Check[]> {
  return [gateway, ...(await examineBeside(config))];
}

function unreadable(why: string, file: string | null): Check {
  const command = `silentgate doctor${file === null ? '' : ` --config ${file}`}`;
  return {
    name: 'gateway',
    state: 'fail',
    text: `Whether the gateway runs cannot be said: ${why}.`,
    next: `Run it as the gateway’s own user: sudo -u USER ${command}. The gateway itself needs nothing for that.`,
  };
}

function mute(run: { readonly pid: number; readonly url: string }, error: GatewayError): Check {
  const who = `The gateway (process ${run.pid})`;
  if (error.code === 'LINK_LOST') {
    return {
      name: 'gateway',
      state: 'fail',
      text: `${who} runs, but did not answer at ${run.url} within ${patienceMs / 1000} s: ${messageOf(error)}`,
      next: 'It may be starting, stopping or very busy. Leave it running, look into its log, and run doctor again in a minute.',
    };
  }
  return {
    name: 'gateway',
    state: 'fail',
    text: `${who} runs, but does not say how it is: ${messageOf(error)}`,
    next: 'Leave it running, and look into its log for what it says of this request.',
  };
}

function busy(folder: string, pid: number | null): Check {
  const who = pid === null ? 'A process' : `Process ${pid}`;
  return {
    name: 'gateway',
    state: 'fail',
    text: `${who} works in ${folder}, but takes no questions: a gateway that is starting, stopping or on a full disk, or a command such as restore.`,
    next: 'Leave it be, and run doctor again in a minute.',
  };
}

function down(file: string | null): Check {
  const next =
    file === null
      ? `Another folder’s gateway is asked with silentgate doctor --config FILE. silentgate start runs the demo store here.`
      : `Start it: silentgate start${file === 'silentgate.yaml' ? '' : ` --config ${file}`}.`;
  return { name: 'gateway', state: 'fail', text: 'The gateway does not run.', next };
}

/** The demo of the first minutes often still runs when the first configuration is written, and has its ports. */
function demoBeside(file: string | null): Check[] {
  const run = file === null ? null : readRun(resolve('demo-data'));
  if (run === null) return [];
  return [
    {
      name: 'demo store',
      state: 'warn',
      text: `The demo store runs from this folder (process ${run.pid}, ${run.url}); it is another store with data of its own in ./demo-data.`,
      next: 'Press Ctrl-C in its window when you no longer need it, or give this gateway other ports (http.port, mqtt.port).',
    },
  ];
}
