import type { DecodeContext, Sink } from '../sink.ts';
import type { MessageProfile, Rule } from '../vocabulary/message-profile.ts';
import type { MapRule, ReadMap } from '../vocabulary/read-map.ts';
import { compileExtractor, numbers, quiet } from './extract.ts';
import { compilePath, compilePlace, compileWhen, type Scope } from './place.ts';
import type { Voice } from './plugin.ts';
import { parseNumber } from './time.ts';
import { compileTime } from './times.ts';
import { isObject } from './values.ts';

/** Does with a member what its rule says; returns the reason when it could not. */
type Handle = (scope: Scope, receivedAt: number, sink: Sink) => string | null;
export type CompiledRule = { applies(scope: Scope): boolean; handle: Handle };

/** The rules of a profile, those of the reader's own map first, answers last: the first that applies decides. */
export function compileRules(
  profile: MessageProfile,
  map: ReadMap,
  voice: Voice,
  context: DecodeContext,
): CompiledRule[] {
  const own = (map.rules ?? []).map((rule) => compileMapRule(rule, map, context));
  return [...own, ...profile.rules.map((rule) => compileRule(rule, profile, map, voice, context)), answerRule(voice)];
}

/** A member that a map says is no read; its time and number stand where a read's would. */
function compileMapRule(rule: MapRule, map: ReadMap, context: DecodeContext): CompiledRule {
  const applies = compileWhen(compilePlace({ path: rule.when.path }), rule.when.in);
  if (rule.is === 'ignore') return { applies, handle: () => null };
  const timeOf = compileTime(map.time, context);
  const seqOf = numbers(map.seq);
  const handle: Handle = (scope, receivedAt, sink) => {
    const { member } = scope;
    const at = timeOf(scope, receivedAt, sink);
    if (rule.name === 'heartbeat') sink.sign({ about: 'heartbeat' }, at);
    sink.event({
      name: rule.name ?? 'event',
      at,
      seq: quiet(seqOf(scope)),
      online: rule.online ?? null,
      detail: isObject(member) ? member : {},
    });
    return null;
  };
  return { applies, handle };
}

function compileRule(
  rule: Rule,
  profile: MessageProfile,
  map: ReadMap,
  voice: Voice,
  context: DecodeContext,
): CompiledRule {
  const get = compilePath(rule.when?.path ?? '');
  const applies = rule.when === undefined ? () => true : compileWhen(({ root }) => get(root), rule.when.in);
  if (rule.is === 'read') return { applies, handle: readHandler(voice, compileExtractor(map, context)) };
  return { applies, handle: rule.is === 'ignore' ? () => null : eventHandler(rule, profile, voice, context) };
}

function readHandler(voice: Voice, extract: Handle): Handle {
  return (scope, receivedAt, sink) => {
    voice.read(scope.root, sink);
    return extract(scope, receivedAt, sink);
  };
}

function eventHandler(rule: Rule, profile: MessageProfile, voice: Voice, context: DecodeContext): Handle {
  const detailOf = rule.detail === undefined ? (root: unknown) => root : compilePath(rule.detail);
  const { eventTime } = profile;
  const places = eventTime === undefined ? [] : [{ path: `/${eventTime.path}`, format: eventTime.format }];
  const timeOf = compileTime(places, context);
  const seqOf = compilePath(profile.eventSeq ?? '');
  const nameOf = compileName(rule);
  const isHeartbeat = rule.is === 'heartbeat';
  return (scope, receivedAt, sink) => {
    const { root } = scope;
    const detail = detailOf(root);
    const at = timeOf(scope, receivedAt, sink);
    if (isHeartbeat) sink.sign({ about: 'heartbeat' }, at);
    voice.event(root, at, sink);
    sink.event({
      name: nameOf(root),
      at,
      seq: parseNumber(seqOf(root)),
      online: rule.online ?? (isHeartbeat ? true : null),
      detail: isObject(detail) ? detail : {},
    });
    return null;
  };
}

/** An answer to a command, which the maker's own code knows. */
function answerRule(voice: Voice): CompiledRule {
  return {
    applies: ({ root }) => voice.answer(root) !== null,
    handle: ({ root }, _at, sink) => {
      const answer = voice.answer(root);
      if (answer !== null) sink.answer(answer);
      return null;
    },
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
