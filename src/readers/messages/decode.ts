import type { MessageProfile } from '../profile/message-profile.ts';
import type { ReadMap } from '../profile/read-map.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import { csvMembers, hexMembers } from './lines.ts';
import { compilePath, type Scope } from './place.ts';
import { pluginOf, readMapOf } from './plugins.ts';
import { compileRules } from './rules.ts';
import { jsonMembers, type Member } from './split.ts';
import { isObject } from './values.ts';

export type Incoming = { readonly topic: string; readonly payload: Uint8Array; readonly at: number };

/** Says what one message means. Never throws, whatever the payload is. */
export type MessageDecoder = {
  /** A message on the topic of the reads. */
  message(incoming: Incoming, sink: Sink): void;
  /** A message on the status topic: one of the plug-in's plain texts, else an ordinary message. */
  status(incoming: Incoming, sink: Sink): void;
};

/** Compiles the profile's rules; `map` takes the place of the profile's own where its plug-in allows it. */
export function compileMessageDecoder(
  profile: MessageProfile,
  map: ReadMap | undefined,
  context: DecodeContext,
): MessageDecoder {
  const plugin = pluginOf(profile);
  const readMap = plugin.takesMap && map !== undefined ? map : readMapOf(profile);
  const rules = compileRules(profile, readMap, plugin.listen(), context);
  const lists = (readMap.list ?? []).map(compilePath);
  const isLines = readMap.payload === 'csv' || readMap.payload === 'hex';
  const bare = readMap.id.some((place) => place.self === true);
  const texts = new Map(Object.entries(plugin.statusTexts));

  const take = (incoming: Incoming, text: string, sink: Sink) => {
    const topic = incoming.topic.split('/');
    let index = 0;
    for (const member of membersOf(text, readMap)) {
      for (const scope of scopesOf(member, lists, topic)) {
        const reason = judge(member, scope, incoming.at, sink);
        if (reason !== null) sink.bad(reason, bytesOfMember(member, scope, incoming.payload), index);
        index += 1;
      }
    }
  };
  const judge = (member: Member, scope: Scope, receivedAt: number, sink: Sink): string | null => {
    if (!member.ok) return 'BAD_JSON';
    const fits = isObject(scope.member) || isLines || (bare && typeof scope.member === 'string');
    if (!fits) return 'NOT_OBJECT';
    const rule = rules.find(({ applies }) => applies(scope));
    return rule === undefined ? 'UNKNOWN_SHAPE' : rule.handle(scope, receivedAt, sink);
  };
  const guarded = (incoming: Incoming, sink: Sink, withTexts: boolean) => {
    if (incoming.payload.length > profile.maxPayload) return sink.bad('TOO_LARGE', incoming.payload, 0);
    const text = utf8.decode(incoming.payload);
    const word = text === '' && !withTexts ? undefined : texts.get(text);
    if (word === undefined) return take(incoming, text, sink);
    sink.event({ name: 'status', at: null, seq: null, online: word === 'online', detail: { status: word, text } });
  };
  return {
    message: (incoming, sink) => guarded(incoming, sink, false),
    status: (incoming, sink) => guarded(incoming, sink, true),
  };
}

const utf8 = new TextDecoder();

function membersOf(text: string, map: ReadMap): Member[] {
  if (map.payload === 'csv') return csvMembers(text, map.separator ?? ',', map.header === true);
  return map.payload === 'hex' ? hexMembers(text) : jsonMembers(text);
}

/** The reads inside a member: the items of its first list, or the member itself. */
function scopesOf(member: Member, lists: readonly ((value: unknown) => unknown)[], topic: readonly string[]): Scope[] {
  const root = member.ok ? member.value : null;
  for (const get of lists) {
    const list = get(root);
    if (Array.isArray(list)) return list.map((item: unknown) => ({ member: item, root, topic }));
  }
  return [{ member: root, root, topic }];
}

/** The member's own text for the technician; the whole payload where the member is nested too deeply to be written. */
function bytesOfMember(member: Member, scope: Scope, payload: Uint8Array): Uint8Array {
  if (!member.ok) return Buffer.from(member.text, 'utf8');
  try {
    return Buffer.from(JSON.stringify(scope.member) ?? '', 'utf8');
  } catch (error) {
    if (error instanceof RangeError) return payload;
    throw error;
  }
}
