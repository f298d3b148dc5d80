import { type ReadonlySignal, signal } from '@preact/signals';
import { type Held, may } from './may.ts';
import type { Route, Router } from './route.ts';
import { createScanKeys, type KeyVerdict, type ScanKey } from './scan-keys.ts';
import { normalise, readSearch, type SearchText } from './search-text.ts';

/** The newest scan; `count` tells two of the same code apart. */
export type Scan = { readonly count: number; readonly text: string; readonly allowed: boolean };

/** As long as the search box takes. */
const longest = 200;

/** Scans of a barcode scanner that types like a keyboard. */
export type Scans = {
  readonly last: ReadonlySignal<Scan | null>;
  /** Follows what was scanned: an item or a product to its page, anything else into the stock search. */
  follow(text: string): void;
};

/** Scans lead somewhere from every page; old filters do not stand in their way. */
export function createScans({
  router,
  signIn,
}: {
  readonly router: Router;
  readonly signIn: ReadonlySignal<Held>;
}): Scans {
  const last = signal<Scan | null>(null);
  const follow = (given: string) => {
    const text = normalise(given).slice(0, longest);
    const read = readSearch(text);
    if (read.kind === 'empty') return;
    const allowed = may(signIn.peek(), 'stock:read');
    if (allowed) router.go(routeOf(read));
    last.value = { count: (last.peek()?.count ?? 0) + 1, text, allowed };
  };
  return { last, follow };
}

function routeOf(read: Exclude<SearchText, { kind: 'empty' }>): Route {
  if (read.kind === 'item') return { view: 'item', epc: read.epc };
  if (read.kind === 'gtin') return { view: 'product', gtin: read.gtin, lifecycle: '' };
  return { view: 'stock', q: read.text, location: '', bucket: '' };
}

/** Listens to the keyboard wherever the focus is, ahead of whatever has it. */
export function watchScans({ signIn, scans }: { readonly signIn: ReadonlySignal<Held>; readonly scans: Scans }): void {
  const keys = createScanKeys((text) => ['item', 'gtin'].includes(readSearch(text).kind));
  const select = createSelectGuard();
  addEventListener(
    'keydown',
    (event) => {
      if (signIn.peek().state !== 'in') return;
      const field = fieldOf(event.target);
      const verdict = keys.take(keyOf(event), field !== null);
      select.watch(event.target, verdict);
      if (takesAway(event, verdict, field !== null)) event.preventDefault();
      if (verdict.kind !== 'scan') return;
      event.stopPropagation();
      select.restore();
      // An input method holds back what it composes until the field is left.
      field?.blur();
      scans.follow(verdict.text);
    },
    { capture: true },
  );
}

function keyOf(event: KeyboardEvent): ScanKey {
  const { key, code, ctrlKey: ctrl, altKey: alt, shiftKey: shift, timeStamp: at } = event;
  const altGraph = event.getModifierState('AltGraph');
  return { key, code, ctrl, alt, altGraph, shift, capsLock: event.getModifierState('CapsLock'), at };
}

/** The end of a scan pushes no button, and its characters choose nothing. In a field they may still be somebody's typing. */
function takesAway(event: KeyboardEvent, verdict: KeyVerdict, inField: boolean): boolean {
  if (verdict.kind === 'scan' || verdict.kind === 'echo') return true;
  if (verdict.kind !== 'part') return false;
  if (event.ctrlKey) return true;
  return !inField && (verdict.fast || !(event.target instanceof HTMLSelectElement));
}

const textTypes = new Set(['text', 'search', 'password', 'email', 'url', 'tel', 'number']);

function fieldOf(target: EventTarget | null): HTMLElement | null {
  if (target instanceof HTMLTextAreaElement) return target;
  if (target instanceof HTMLInputElement && textTypes.has(target.type)) return target;
  return target instanceof HTMLElement && target.isContentEditable ? target : null;
}

/** A closed select chooses by the first letter typed at it: what a scan chose there is taken back. */
function createSelectGuard() {
  let before: { readonly element: HTMLSelectElement; readonly value: string } | null = null;
  return {
    watch(target: EventTarget | null, verdict: KeyVerdict) {
      if (verdict.kind !== 'part' || verdict.length > 1) return;
      before = target instanceof HTMLSelectElement ? { element: target, value: target.value } : null;
    },
    restore() {
      if (before === null || before.element.value === before.value) return;
      before.element.value = before.value;
      before.element.dispatchEvent(new Event('change', { bubbles: true }));
    },
  };
}
