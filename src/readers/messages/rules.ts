import type { MessageProfile, Rule } from '../profile/message-profile.ts';
import type { MapRule, ReadMap } from '../profile/read-map.ts';
import type { DecodeContext, Sink } from '../sink.ts';
import { compileAlarms } from './alarms.ts';
import { compileExtractor, numbers, quiet } from './extract.ts';
import { compilePath, compilePlace, type Getter, type Scope } from './place.ts';
import { compileSigns } from './signs.ts';
import { parseNumber, parseTime } from './time.ts';
import { compileTime } from './times.ts';
import { isObject } from './values.ts';

/** Does with a member what its rule says; returns the reason when it could not. */
type Handle = (scope: Scope, receivedAt: number, sink: Sink) => string | null;
export type CompiledRule = { applies(scope: Scope): boolean; handle: Handle };

/** The rules of a profile, those of the reader's own map first: the first that applies decides. */
export function compileRules(profile: MessageProfile, map: ReadMap, context: DecodeContext): CompiledRule[] {
  const own = (map.rules ?? []).map((rule) => compileMapRule(rule, map, context));
  return [...own, ...profile.rules.map((rule) => compileRule(rule, profile, map, context))];
}

function compileWhen(get: Getter, among: readonly unknown[] | undefined): (scope: Scope) => boolean {
  const allowed = among === undefined ? null : new Set(among);
  return (scope) => {
    const value = get(scope);
    return allowed === null ? value !== undefined && value !== null : allowed.has(value);
  };
}

/** A member that a map says is no read; its time and number stand where a read's would. */
function compileMapRule(rule: MapRule, map: ReadMap, context: DecodeContext): CompiledRule {
  const applies = compileWhen(compilePlace({ path: rule.when.path }), rule.when.in);
  if (rule.is === 'ignore') return { applies, handle: () => null };
  const timeOf = compileTime(map.time, context);
  const seqOf = numbers(map.seq);
  const tellSigns = compileSigns(rule.name === 'heartbeat' ? [{ about: 'heartbeat' }] : []);
  const handle: Handle = (scope, receivedAt, sink) => {
    const { member } = scope;
    const at = timeOf(scope, receivedAt, sink);
    tellSigns(scope.root, at, sink);
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

function compileRule(rule: Rule, profile: MessageProfile, map: ReadMap, context: DecodeContext): CompiledRule {
  const get = compilePath(rule.when?.path ?? '');
  const applies = rule.when === undefined ? () => true : compileWhen(({ root }) => get(root), rule.when.in);
  if (rule.is === 'read') return { applies, handle: readHandler(rule, compileExtractor(map, context)) };
  if (rule.is === 'ignore') return { applies, handle: () => null };
  return { applies, handle: rule.is === 'event' ? eventHandler(rule, profile) : answerHandler(rule) };
}

function readHandler({ signs }: Rule, extract: Handle): Handle {
  if (signs === undefined) return extract;
  const tellSigns = compileSigns(signs);
  return (scope, receivedAt, sink) => {
    tellSigns(scope.root, null, sink);
    return extract(scope, receivedAt, sink);
  };
}

function eventHandler(rule: Rule, profile: MessageProfile): Handle {
  const detailOf = rule.detail === undefined ? (root: unknown) => root : compilePath(rule.detail);
  const timeOf = compilePath(profile.eventTime?.path ?? '');
  const seqOf = compilePath(profile.eventSeq ?? '');
  const nameOf = compileName(rule);
  const alarm = compileAlarms(profile.alarms ?? []);
  const tellSigns = compileSigns(rule.signs);
  return ({ root }, _at, sink) => {
    const detail = detailOf(root);
    const at = profile.eventTime === undefined ? null : parseTime(timeOf(root), profile.eventTime.format);
    alarm(root, sink);
    tellSigns(root, at, sink);
    sink.event({
      name: nameOf(root),
      at,
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
  const codeOf = compilePath(rule.errors?.path ?? '');
  const tellSigns = compileSigns(rule.signs);
  const errors = new Map(Object.entries(rule.errors?.codes ?? {}));
  return ({ root }, _at, sink) => {
    tellSigns(root, null, sink);
    const ok = rule.ok === undefined ? null : okOf(root) === rule.ok.is;
    const error = ok === false ? (errors.get(String(codeOf(root))) ?? 'internal') : null;
    const fields = isObject(root) ? root : {};
    sink.answer({ command: nameOf(root), ok, error, routine: false, fields });
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
