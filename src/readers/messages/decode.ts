import type { MessageProfile, Rule } from '../profile/message-profile.ts';
import type { ReadMap } from '../profile/read-map.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import { compileAlarms } from './alarms.ts';
import { compileExtractor } from './extract.ts';
import { compilePath, type Scope } from './place.ts';
import { jsonMembers, lines, type Member } from './split.ts';
import { parseNumber, parseTime } from './time.ts';
import { isObject } from './values.ts';

export type Incoming = { readonly topic: string; readonly payload: Uint8Array; readonly at: number };

/** Says what one message means. Never throws, whatever the payload is. */
export type MessageDecoder = {
  /** A message on the topic of the reads. */
  message(incoming: Incoming, sink: Sink): void;
  /** A message on the status topic: one of the profile's plain texts, else an ordinary message. */
  status(incoming: Incoming, sink: Sink): void;
};

type Handle = (scope: Scope, receivedAt: number, sink: Sink) => string | null;
type CompiledRule = { applies(root: unknown): boolean; handle: Handle };

/** Compiles the profile's rules; `map` takes the place of the profile's own where the profile allows it. */
export function compileMessageDecoder(
  profile: MessageProfile,
  map: ReadMap | undefined,
  context: DecodeContext,
): MessageDecoder {
  const readMap = profile.mapInConfig && map !== undefined ? map : profile.map;
  const rules = profile.rules.map((rule) => compileRule(rule, profile, readMap, context));
  const lists = (readMap.list ?? []).map(compilePath);
  const isLines = readMap.payload === 'csv' || readMap.payload === 'hex';
  const bare = readMap.id.some((place) => place.self === true);
  const texts = new Map(Object.entries(profile.status ?? {}));

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
    const rule = rules.find(({ applies }) => applies(scope.root));
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
  if (map.payload !== 'csv' && map.payload !== 'hex') return jsonMembers(text);
  const cells = map.payload === 'csv' ? (line: string) => line.split(',').map(unquoted) : (line: string) => [line];
  return lines(text).map((line) => ({ ok: true, value: cells(line) }));
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
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

function compileRule(rule: Rule, profile: MessageProfile, map: ReadMap, context: DecodeContext): CompiledRule {
  const get = rule.when === undefined ? null : compilePath(rule.when.path);
  const allowed = rule.when?.in === undefined ? null : new Set<unknown>(rule.when.in);
  const applies = (root: unknown) => {
    if (get === null) return true;
    const value = get(root);
    return allowed === null ? value !== undefined && value !== null : allowed.has(value);
  };
  if (rule.is === 'read') return { applies, handle: compileExtractor(map, context) };
  if (rule.is === 'ignore') return { applies, handle: () => null };
  return { applies, handle: rule.is === 'event' ? eventHandler(rule, profile) : answerHandler(rule) };
}

function eventHandler(rule: Rule, profile: MessageProfile): Handle {
  const detailOf = compilePath(rule.detail ?? '');
  const timeOf = compilePath(profile.eventTime?.path ?? '');
  const seqOf = compilePath(profile.eventSeq ?? '');
  const nameOf = compileName(rule);
  const alarm = compileAlarms(profile.alarms ?? []);
  return ({ root }, _at, sink) => {
    const detail = detailOf(root);
    alarm(root, sink);
    sink.event({
      name: nameOf(root),
      at: profile.eventTime === undefined ? null : parseTime(timeOf(root), profile.eventTime.format),
      seq: parseNumber(seqOf(root)),
      online: rule.online ?? null,
      detail: isObject(detail) ? detail : {},
    });
    return null;
  };
}

function answerHandler(rule: Rule): Handle {
  const nameOf = compileName(rule);
  const okOf = compilePath(rule.ok?.path ?? '');
  return ({ root }, _at, sink) => {
    const ok = rule.ok === undefined ? null : okOf(root) === rule.ok.is;
    const fields = isObject(root) ? root : {};
    sink.answer({ command: nameOf(root), ok, error: ok === false ? 'internal' : null, routine: false, fields });
    return null;
  };
}

function compileName(rule: Rule): (root: unknown) => string {
  const fallback = rule.name ?? rule.is;
  const get = compilePath(rule.nameAt ?? '');
  return (root) => {
    const name = get(root);
    return typeof name === 'string' && name !== '' ? name.slice(0, 60) : fallback;
  };
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
