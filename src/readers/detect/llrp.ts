import { type Clock, GatewayError, pause } from '../../kit/index.ts';
import type { Channel, ChannelEvents } from '../../links/index.ts';
import type { Profile } from '../../profiles/index.ts';
import {
  capabilitiesOf,
  createLlrpFramer,
  identityOf,
  inner,
  type LlrpProfile,
  type MessageTree,
  numberIn,
  readMessage,
  writeMessage,
} from '../../protocols/index.ts';
import { request } from '../llrp/requests.ts';

/** An LLRP reader at an address. `isTaken`: another client has it, so that nothing more can be asked. */
export type LlrpFinding = {
  readonly host: string;
  readonly port: number;
  readonly profile: string;
  readonly identity: string | null;
  readonly isTaken: boolean;
};

export type LlrpSearch = {
  readonly profiles: readonly Profile[];
  readonly clock: Clock;
  /** How long a connection, and then each word of a reader, is waited for, ms. */
  readonly waitMs: number;
  /** Connects once; rejects with a GatewayError. */
  dial(at: { host: string; port: number }, events: ChannelEvents, signal: AbortSignal): Promise<Channel>;
};

/** Where LLRP is offered (IANA), and where behind TLS. */
export const LLRP_PORT = 5084;
export const LLRP_TLS_PORT = 5085;

const AT_ONCE = 64;

/** Looks at every address and port, so many at once; the readers come in the order of the addresses. */
export async function scanLlrp(
  hosts: readonly string[],
  ports: readonly number[],
  search: LlrpSearch,
): Promise<LlrpFinding[]> {
  const places = hosts.flatMap((host) => ports.map((port) => ({ host, port })));
  const found: (LlrpFinding | null)[] = places.map(() => null);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < places.length; i = next++) {
      const place = places[i];
      if (place !== undefined) found[i] = await probeLlrp(place, search);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, work));
  return found.filter((finding) => finding !== null);
}

/**
 * Connects as a client does and waits for the greeting that every LLRP reader begins with. One that is free is asked for
 * its capabilities, which changes nothing, and left with CLOSE_CONNECTION, so that its only place is free again.
 */
export async function probeLlrp(
  at: { readonly host: string; readonly port: number },
  search: LlrpSearch,
): Promise<LlrpFinding | null> {
  const { clock, waitMs, dial } = search;
  const line = createLine(clock, waitMs);
  const limit = new AbortController();
  const timer = clock.after(waitMs, () => limit.abort());
  try {
    const channel = await dial(at, line.events, limit.signal);
    timer.cancel();
    try {
      return await converse(at, search, line, channel);
    } finally {
      await channel.close();
    }
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  } finally {
    timer.cancel();
  }
}

type ProbeLine = ReturnType<typeof createLine>;

async function converse(
  at: { readonly host: string; readonly port: number },
  { profiles }: LlrpSearch,
  line: ProbeLine,
  channel: Channel,
): Promise<LlrpFinding | null> {
  const llrp = profiles.filter((profile) => profile.kind === 'llrp');
  const generic = llrp.find(({ enable }) => enable === undefined) ?? llrp[0];
  const greeting = await line.told((told) => told.name === 'READER_EVENT_NOTIFICATION');
  const attempt = inner(inner(greeting ?? undefined, 'ReaderEventNotificationData'), 'ConnectionAttemptEvent');
  if (attempt === undefined || generic === undefined) return null;
  const { host, port } = at;
  if (numberIn(attempt, 'status') !== 0) {
    return { host, port, profile: generic.id, identity: null, isTaken: true };
  }
  await ask(channel, 'GET_READER_CAPABILITIES', 1);
  const capabilities = await line.told((told) => told.name === 'GET_READER_CAPABILITIES_RESPONSE');
  await ask(channel, 'CLOSE_CONNECTION', 2);
  await line.told((told) => told.name === 'CLOSE_CONNECTION_RESPONSE');
  const has = capabilities === null ? null : capabilitiesOf(capabilities);
  const profile = has === null ? generic : profileFor(llrp, has.manufacturer, generic);
  return { host, port, profile: profile.id, identity: has === null ? null : identityOf(has, profile), isTaken: false };
}

function ask(channel: Channel, name: 'GET_READER_CAPABILITIES' | 'CLOSE_CONNECTION', id: number): Promise<void> {
  const { values, inside } = request(name, name === 'CLOSE_CONNECTION' ? {} : { requested: 0 });
  return channel.write(writeMessage(name, { version: 1, id }, values, inside));
}

/** The profile whose vendor the manufacturer's number is that of; it is the one that switches vendor parameters on. */
function profileFor(profiles: readonly LlrpProfile[], manufacturer: number, generic: LlrpProfile): LlrpProfile {
  return profiles.find(({ enable }) => enable?.vendor === manufacturer) ?? generic;
}

/** What comes on one connection, message by message, until it is closed or too slow. */
function createLine(clock: Clock, waitMs: number) {
  const told: MessageTree[] = [];
  let isOver = false;
  let wake = new AbortController();
  const stir = () => {
    wake.abort();
    wake = new AbortController();
  };
  const framer = createLlrpFramer({
    message: (message) => {
      const read = readMessage(message);
      if (read.ok) told.push(read.told);
    },
    broken: () => {
      isOver = true;
    },
  });
  const events: ChannelEvents = {
    chunk: (bytes) => {
      if (!isOver) framer.push(bytes);
      stir();
    },
    lost: () => {
      isOver = true;
      stir();
    },
  };
  return {
    events,
    /** The first message for which `fits` holds; null when none comes in time. */
    told: async (fits: (told: MessageTree) => boolean): Promise<MessageTree | null> => {
      const until = clock.now() + waitMs;
      for (;;) {
        const found = told.find(fits);
        if (found !== undefined) return found;
        if (isOver || clock.now() >= until) return null;
        await pause(clock, until - clock.now(), wake.signal);
      }
    },
  };
}
