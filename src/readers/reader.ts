import { type Clock, GatewayError, type Log, type Secret } from '../kit/index.ts';
import { type ByteLink, type ByteLinkEvents, openReplay, openSerial, openTcp, openTcpInbox } from '../links/index.ts';
import type { Profile } from '../profiles/index.ts';
import { openByteReader } from './bytes/byte-reader.ts';
import { type LineFormat, lineFormats } from './line-format.ts';
import { openLineReader } from './lines/line-reader.ts';
import type { Credentials } from './lines/login.ts';
import { openLlrpReader } from './llrp/llrp-reader.ts';
import { openMessageReader } from './messages/message-reader.ts';
import { messageSource, replaySpeed } from './messages/message-source.ts';
import type { ReaderOptions } from './options.ts';
import type { ReaderMemory } from './reader-memory.ts';
import { readerProblems } from './reader-rules.ts';
import type { Supervise } from './supervision.ts';
import type { MessageChannel, OnReads, Pressure, Reader } from './types.ts';

export type ReaderDeps = {
  readonly config: ReaderOptions;
  readonly profile: Profile;
  /** The site's broker connection; null where none is configured. */
  readonly mqtt: MessageChannel | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Gives [0, 1); spreads reconnects. */
  readonly random: () => number;
  /** The site's zone, an IANA name, for times that name none; null where the configuration names none. */
  readonly siteZone?: string | null;
  /** The text of a secret that the configuration names. Throws SECRET_MISSING. */
  secret?(secret: Secret): string;
  /** Who watches the reader and says what it finds. */
  readonly supervise: Supervise;
  /** What supervision had learned when the gateway stopped. */
  readonly memory?: ReaderMemory | null;
  readonly onReads: OnReads;
  readonly pressure?: Pressure;
};

/**
 * Makes the reader that `config` describes; it does nothing until `start` (a message reader subscribes then: start it
 * before the broker connection opens). Throws CONFIG_INVALID when the configuration asks for what the profile does not
 * allow (region, power, antenna, kind of link): such a value is never sent.
 */
export function openReader(deps: ReaderDeps): Reader {
  const { config, profile } = deps;
  const [problem] = readerProblems(config, profile);
  if (problem !== undefined) {
    const found = JSON.stringify(problem.found) ?? 'nothing';
    const message = `Reader ${config.id}, ${problem.pointer}: found ${found}, allowed: ${problem.allowed}`;
    throw new GatewayError('CONFIG_INVALID', message, { reader: config.id, problem });
  }
  if (profile.kind === 'messages') {
    return openMessageReader({ ...deps, profile, source: messageSource(config, deps.mqtt, deps) });
  }
  if (profile.kind === 'llrp')
    return openLlrpReader({ ...deps, profile, openBytes: (events) => openBytes(deps, {}, events) });
  if (profile.kind === 'lines')
    return openLineReader({
      ...deps,
      profile,
      credentials: credentialsOf(deps),
      openBytes: (events, speed) => openBytes(deps, { speed, notifies: profile.session.notifies === true }, events),
    });
  const { format } = profile.port;
  return openByteReader({ ...deps, profile, openBytes: (events, speed) => openBytes(deps, { speed, format }, events) });
}

/** Who the gateway is to a reader that asks; its password is looked up at each login. */
function credentialsOf({ config, secret }: ReaderDeps): Credentials | null {
  const { login } = config;
  if (login === undefined || secret === undefined) return null;
  return { username: login.username, password: () => secret(login.password) };
}

type Port = { readonly speed?: () => number; readonly format?: LineFormat; readonly notifies?: boolean };

const usualSpeed = () => 115_200;

function openBytes(
  deps: ReaderDeps,
  { speed = usualSpeed, format = '8N1', notifies = false }: Port,
  events: ByteLinkEvents,
): ByteLink {
  const { serial, tcp, replay } = deps.config.link;
  if (serial !== undefined) return openSerial({ ...lineFormats[format], ...serial, baudRate: speed }, events, deps);
  if (tcp?.listen === true && notifies) return openTcpInbox(tcp, events, deps);
  if (tcp !== undefined) return openTcp(tcp, events, deps);
  if (replay !== undefined) return openReplay(replay.file, { speed: replaySpeed(replay.speed) }, events, deps);
  throw new GatewayError('CONFIG_INVALID', `Reader ${deps.config.id}: this link cannot be opened.`, {
    link: deps.config.link,
  });
}
