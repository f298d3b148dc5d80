import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { GatewayError, messageOf } from '../../kit/index.ts';
import type { CommandResult, ReaderCommand } from '../../readers/index.ts';
import { encodeEpc } from '../../tags/index.ts';
import { type GatewayAddress, pinFrom } from '../gateway-request.ts';
import { harmless, harmlessLines } from '../harmless.ts';
import { askApi, localGateway } from '../local-gateway.ts';
import { configOrDemo } from '../settings.ts';

/** Where the gateway is that is asked; without `url` the one that runs on the configuration's data folder. */
export type GatewayFlags = {
  config?: string;
  url?: string;
  key?: string;
  ca?: string;
  pin?: string;
  json?: boolean;
};

export type TagFlags = GatewayFlags & { epc?: string; tid?: string; antenna?: number; password?: string };

export function gatewayOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration of the gateway that runs here')
    .option('--url <address>', 'another gateway, e.g. https://10.0.0.5:8080')
    .option('--key <key>', 'API key for --url: the text, env:NAME or file:PATH')
    .option('--ca <file>', 'with an https --url: PEM file of the authority that signed its certificate')
    .option('--pin <sha256>', 'with an https --url: the one certificate that is accepted, by its SHA-256')
    .option('--json', 'one JSON object');
}

/** Asks the gateway's API as the flags say. */
export async function ask(flags: GatewayFlags, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  return askApi(namedGateway(flags) ?? localGateway(configOrDemo(flags.config).data), method, path, body);
}

/** The gateway that `--url` names, null without it. Throws REQUEST_INVALID for flags that contradict each other. */
export function namedGateway({ url, key, ca, pin }: GatewayFlags): GatewayAddress | null {
  const trusts = ca !== undefined || pin !== undefined;
  if (url === undefined) {
    if (trusts) throw new GatewayError('REQUEST_INVALID', '--ca and --pin belong to --url https://…: give that too.');
    return null;
  }
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new GatewayError('REQUEST_INVALID', `--url: ${url} is no address: write it as https://10.0.0.5:8080.`);
  if (trusts && !url.startsWith('https:'))
    throw new GatewayError('REQUEST_INVALID', `--ca and --pin need TLS, and ${url} has none: write https://.`);
  const trust = { pin: pin === undefined ? null : fingerprint(pin), ca: ca ?? null };
  return { url, key: secretOf(key ?? 'env:SILENTGATE_KEY'), trust };
}

function fingerprint(text: string): string {
  const pin = pinFrom(text);
  if (pin !== null) return pin;
  const next = 'openssl x509 -in cert.pem -noout -fingerprint -sha256 prints it';
  throw new GatewayError('REQUEST_INVALID', `--pin: found ${text}; allowed: the SHA-256 of a certificate; ${next}.`);
}

/** Gives a reader a command, prints what came of it, and ends with exit code 1 unless it is done. */
export async function command(flags: GatewayFlags, reader: string, wanted: ReaderCommand): Promise<void> {
  const result = (await ask(flags, 'POST', `/readers/${encodeURIComponent(reader)}/commands`, wanted)) as CommandResult;
  process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : textOf(result));
  if (result.outcome !== 'done') process.exitCode = 1;
}

function textOf({ command, outcome, error, message, steps, epc, tid, data, fields }: CommandResult): string {
  const known = Object.entries({ epc, tid, data, ...fields }).filter(([, value]) => value !== null);
  const way = steps.map(({ step, ok, error: why }) => (ok ? step : `${step} (${why})`)).join(' → ');
  const head = `${command}: ${outcome}${error === null ? '' : ` (${error}). ${message}`}\n`;
  const rows = known.map(([name, value]) => `  ${name}: ${harmless(String(value))}\n`);
  return [harmlessLines(head), ...rows, way === '' ? '' : `  steps: ${harmless(way)}\n`].join('');
}

/** A secret as `env:NAME`, `file:PATH` or the text itself, which everybody on the machine can see while the command runs. */
export function secretOf(text: string): string {
  if (text.startsWith('env:')) return process.env[text.slice(4)] ?? missing(text);
  if (!text.startsWith('file:')) return text;
  try {
    return readFileSync(text.slice(5), 'utf8').trim();
  } catch (error) {
    return missing(`${text} (${messageOf(error)})`);
  }
}

function missing(what: string): never {
  throw new GatewayError('SECRET_MISSING', `There is no ${what}: set the variable, or name a file with file:PATH.`);
}

/** An EPC as upper-case hex: as it is, or from a tag URI or any other form that names a scheme by itself. */
export function epcHex(text: string): string {
  if (/^([0-9A-Fa-f]{4})+$/.test(text)) return text.toUpperCase();
  const made = encodeEpc(text);
  if (made.ok && made.epc.hex !== null) return made.epc.hex;
  throw new GatewayError('TAG_INVALID', `${text} is no EPC: give hex of whole words or a tag URI.`);
}
