import type { DecodeContext, Sink } from '../sink.ts';
import type { MessageProfile } from '../vocabulary/message-profile.ts';
import type { ReadMap } from '../vocabulary/read-map.ts';
import { compileHeaderCheck } from './columns.ts';
import { formMembers } from './form.ts';
import { Damaged } from './json-salvage.ts';
import { csvMembers, type Header, hexMembers } from './lines.ts';
import type { Incoming, MessageDecoder } from './message-decoder.ts';
import { compilePath, type Scope } from './place.ts';
import type { Voice } from './plugin.ts';
import { pluginOf, readMapOf } from './plugins.ts';
import { compileRules } from './rules.ts';
import { createScanningDecoder } from './scan/scanning-decoder.ts';
import { jsonMembers, type Member } from './split.ts';
import { isObject } from './values.ts';

/** Bytes of a message that was not looked at, for the technician. */
const SAMPLE_BYTES = 256;
/** Bad members of one message whose bytes are shown; millions of them are only counted. */
const SHOWN = 1_000;
const nothing = new Uint8Array();
/** Bad members of one message after which the rest is not looked at: no reader sends so many, and millions keep all others waiting. */
const MOST_BAD = 100_000;

/** Compiles the profile's rules; `map` takes the place of the profile's own where its plug-in allows it. */
export function compileMessageDecoder(
  profile: MessageProfile,
  map: ReadMap | undefined,
  context: DecodeContext,
): MessageDecoder {
  const voice = pluginOf(profile).listen();
  const readMap = (pluginOf(profile).takesMap ? map : undefined) ?? readMapOf(profile);
  return createScanningDecoder(compileGenericDecoder(profile, map, voice, context), {
    profile,
    map: readMap,
    voice,
    context,
  });
}

/** The same, which learns no shapes: every message is parsed. */
export function compileGenericDecoder(
  profile: MessageProfile,
  map: ReadMap | undefined,
  voice: Voice,
  context: DecodeContext,
): MessageDecoder {
  const plugin = pluginOf(profile);
  const own = plugin.takesMap ? map : undefined;
  const readMap = own ?? readMapOf(profile);
  const membersOf = compileMembers(readMap, own !== undefined);
  const scopesOf = compileScopes(readMap);
  const judge = compileJudge(profile, readMap, voice, context);
  const texts = new Map(Object.entries(plugin.statusTexts));

  const takeMember = (member: Member, { levels, at, told, sink }: Taking): number => {
    let good = 0;
    let isSound = true;
    for (const scope of told.untilFull(scopesOf(member, levels))) {
      const damaged = damageOf(member, scope.member);
      isSound &&= damaged === null;
      if (told.take(scope.member, damaged, damaged === null ? judge(scope, at, sink) : null)) good += 1;
    }
    // Its reads are sound; what stands around them is not.
    if (isSound && damageOf(member, member.value) !== null) sink.warn('MESSAGE_DAMAGED', 1);
    return good;
  };
  const take = (incoming: Incoming, text: string, sink: Sink): number => {
    const told = createTelling(text, incoming, sink);
    const taking = { levels: incoming.topic.split('/'), at: incoming.at, told, sink };
    let good = 0;
    for (const member of told.untilFull(membersOf(text, sink))) good += takeMember(member, taking);
    return good;
  };
  const guarded = (incoming: Incoming, sink: Sink, withTexts: boolean): number => {
    const { payload } = incoming;
    if (payload.length > profile.maxPayload) return tooLarge(payload, profile.maxPayload, sink);
    const text = utf8.decode(payload);
    const word = text === '' && !withTexts ? undefined : texts.get(text);
    if (word === undefined) return take(incoming, text, sink);
    sink.event({ name: 'status', at: null, seq: null, online: word === 'online', detail: { status: word, text } });
    return 1;
  };
  return {
    message: (incoming, sink) => guarded(incoming, sink, false),
    status: (incoming, sink) => guarded(incoming, sink, true),
  };
}

type Taking = { readonly levels: readonly string[]; readonly at: number; readonly told: Telling; readonly sink: Sink };

type Telling = {
  /** Counts a member, and tells what was wrong with it; true for a good one. */
  take(value: unknown, damaged: Damaged | null, reason: string | null): boolean;
  /** As many of them as are to be looked at: none once there were too many bad ones. */
  untilFull<T>(all: Iterable<T>): Iterable<T>;
};

function createTelling(text: string, { payload }: Incoming, sink: Sink): Telling {
  const placeOf = createPlaces(text);
  let next = 0;
  let bad = 0;
  const shown = (bytes: () => Uint8Array) => (bad++ < SHOWN ? bytes() : nothing);
  const take: Telling['take'] = (value, damaged, reason) => {
    const index = next++;
    if (damaged !== null) {
      const bytes = shown(() => Buffer.from(damaged.text, 'utf8'));
      sink.bad('BAD_JSON', bytes, index, `${damaged.why} (${placeOf(damaged.at)})`);
    } else if (reason !== null) {
      sink.bad(
        reason,
        shown(() => bytesOf(value, payload)),
        index,
      );
    }
    if (bad === MOST_BAD) sink.bad('TOO_LARGE', nothing, next, `behind ${MOST_BAD} bad members the rest is not read`);
    return damaged === null && reason === null;
  };
  return {
    take,
    untilFull: function* (all) {
      for (const one of all) {
        if (bad >= MOST_BAD) return;
        yield one;
      }
    },
  };
}

const utf8 = new TextDecoder();

function tooLarge(payload: Uint8Array, limit: number, sink: Sink): 0 {
  const size = payload.length;
  sink.bad('TOO_LARGE', payload.subarray(0, SAMPLE_BYTES), 0, `it has ${size} bytes, and at most ${limit} are taken`);
  sink.sign({ about: 'remark', code: 'READER_TOO_LARGE', params: { size, limit } }, null);
  return 0;
}

function compileMembers(map: ReadMap, isOwn: boolean): (text: string, sink: Sink) => Iterable<Member> {
  const check = compileHeaderCheck(map, isOwn);
  const separator = map.separator ?? ',';
  const heardBy = (sink: Sink) => (header: Header) => check(header, sink);
  if (map.payload === 'csv') {
    return (text, sink) => csvMembers(text, separator, map.header === true ? heardBy(sink) : null);
  }
  if (map.payload === 'form') return (text, sink) => formMembers(text, heardBy(sink));
  return map.payload === 'hex' ? hexMembers : jsonMembers;
}

/** The reads inside a member: the items of its first list, or the member itself. */
function compileScopes(map: ReadMap): (member: Member, topic: readonly string[]) => Iterable<Scope> {
  const lists = (map.list ?? []).map(compilePath);
  return function* ({ value, root = value, cells = null }, topic) {
    const list = lists.map((get) => get(value)).find(Array.isArray);
    if (list === undefined) yield { member: value, root, topic, cells };
    else for (const item of list as unknown[]) yield { member: item, root: value, topic, cells };
  };
}

type Judge = (scope: Scope, receivedAt: number, sink: Sink) => string | null;

function compileJudge(profile: MessageProfile, map: ReadMap, voice: Voice, context: DecodeContext): Judge {
  const rules = compileRules(profile, map, voice, context);
  const bare = map.id.some((place) => place.self === true);
  return (scope, receivedAt, sink) => {
    const fits = isObject(scope.member) || scope.cells !== null || (bare && typeof scope.member === 'string');
    if (!fits) return 'NOT_OBJECT';
    const rule = rules.find(({ applies }) => applies(scope));
    return rule === undefined ? 'UNKNOWN_SHAPE' : rule.handle(scope, receivedAt, sink);
  };
}

/** What is damaged of a member, anywhere in it; null where it is sound. */
function damageOf({ damage }: Member, value: unknown): Damaged | null {
  return value instanceof Damaged ? value : (damage.get(objectOf(value)) ?? null);
}

const noObject = {};

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : noObject;
}

/** Line and column, both from 1, of places that come in their order. */
function createPlaces(text: string): (at: number) => string {
  const line = { number: 1, from: 0, end: endOfLine(text, 0) };
  return (at) => {
    while (line.end < at) {
      line.number += 1;
      line.from = line.end + 1;
      line.end = endOfLine(text, line.from);
    }
    return `line ${line.number}, column ${Math.max(1, at - line.from + 1)}`;
  };
}

/** Looked for once a line: a message of a million damaged members may stand on one. */
function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? Number.POSITIVE_INFINITY : end;
}

/** The member's own text for the technician; the whole payload where the member is nested too deeply to be written. */
function bytesOf(member: unknown, payload: Uint8Array): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(member) ?? '', 'utf8');
  } catch (error) {
    if (error instanceof RangeError) return payload;
    throw error;
  }
}
