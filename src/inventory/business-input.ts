import { factsOf } from './arrival.ts';
import { holdReasons, wordsOfInput } from './cbv-words.ts';
import { counted, entered, eventOf, ignoredEvent, placed } from './change.ts';
import type { Item, Lifecycle } from './item.ts';
import type { InputRefusal, InputResult, ItemEventType, ItemInput } from './item-event.ts';
import { inputsFrom, type LifecycleFacts, lifecycleInputs, nextLifecycle } from './lifecycle.ts';
import { epcOfId, newItem } from './new-item.ts';
import { kindOf, type Setup } from './setup.ts';

/** Inputs that take an older one back: they may be older than what is known. */
const corrections: ReadonlySet<string> = new Set(['voidSale', 'voidShip']);

/** Applies what a POS, an ERP or a member of staff says; refused with a reason when the table has no row for it. */
export function businessInput(setup: Setup, before: Item | null, input: ItemInput): InputResult {
  const problem = problemOf(setup, before, input);
  if (problem !== null) return { ok: false, ...problem };
  const { at, id: cause, location } = input;
  if (before !== null && at < before.asOf && !corrections.has(input.input)) {
    const ignored = ignoredEvent(setup, before, { input: input.input, at, cause, source: location });
    return { ok: true, events: [ignored] };
  }
  const item = before ?? newItem(input.item, input.hex, epcOfId(setup.tags, input.item, input.hex), at);
  const to = nextLifecycle(before?.lifecycle ?? null, input.input, businessFacts(setup, item, input));
  if (to === null)
    return {
      ok: false,
      reason: `an item that is ${before?.lifecycle ?? 'unknown'} does not take "${input.input}"`,
      about: 'input',
      allowed: inputsFrom(before?.lifecycle ?? null),
    };
  const after = told(setup, entered(setup, before, item, input.input, to, at), input);
  const type = typeOf(before, after, input.input);
  const event = eventOf(setup, before, after, {
    type,
    input: input.input,
    at,
    announce: type !== 'item.changed' || before?.lifecycle !== after.lifecycle,
    alert: null,
    cause,
    source: location,
    words: wordsOfInput(input.input, after, kindOf(setup, after.location)),
  });
  return { ok: true, events: [event] };
}

function problemOf(setup: Setup, before: Item | null, input: ItemInput): InputRefusal | null {
  if (!lifecycleInputs.has(input.input))
    return { reason: `there is no input "${input.input}"`, about: 'input', allowed: [...lifecycleInputs] };
  if (input.location !== null && kindOf(setup, input.location) === null)
    return { reason: `there is no location "${input.location}"`, about: 'location', allowed: [...setup.kinds.keys()] };
  if (before === null && epcOfId(setup.tags, input.item, input.hex) === null)
    return { reason: `"${input.item}" is not an identity`, about: 'item', allowed: [] };
  if (input.input === 'hold' && (input.reason === null || holdReasons[input.reason] === undefined))
    return {
      reason: `a hold needs a reason: ${Object.keys(holdReasons).join(', ')}`,
      about: 'reason',
      allowed: Object.keys(holdReasons),
    };
  return null;
}

function businessFacts(setup: Setup, item: Item, input: ItemInput): LifecycleFacts {
  const kind = kindOf(setup, input.location);
  return { ...factsOf(item, undefined), atDock: kind === 'receiving', atExit: kind === 'exit' };
}

/** What the input says beside the lifecycle: reason of a hold, holder, place. */
function told(setup: Setup, item: Item, input: ItemInput): Item {
  let after = item;
  if (input.input === 'hold') after = { ...after, lifecycleReason: input.reason };
  if (input.input === 'issue')
    after = { ...after, custody: { party: input.party ?? 'unknown', since: input.at, due: null } };
  if (input.hex !== null) after = { ...after, hex: input.hex };
  if (input.location === null) return counted(setup, after);
  // A newer confirmed place stands against an older word of where the item was.
  if (after.placeSince !== null && input.at < after.placeSince) return counted(setup, after);
  const readPoint = after.location === input.location ? after.readPoint : null;
  return placed(setup, after, { readPoint, location: input.location, at: input.at, source: 'business', confidence: 1 });
}

const arrivals: ReadonlySet<string> = new Set(['receive', 'commission']);
const arrivedFrom: ReadonlySet<Lifecycle | null> = new Set([null, 'EXPECTED', 'UNREGISTERED', 'ENCODED', 'OUTBOUND']);

function typeOf(before: Item | null, after: Item, input: string): ItemEventType {
  if (input === 'sell') return 'item.sold';
  if (input === 'return') return 'item.returned';
  if (arrivals.has(input) && arrivedFrom.has(before?.lifecycle ?? null)) return 'item.arrived';
  if (before?.lifecycle === after.lifecycle && before.location !== after.location) return 'item.moved';
  return 'item.changed';
}
