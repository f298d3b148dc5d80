/** Things ordered by when they are due (epoch ms): a binary heap, so that work follows what is due and not what is there. */
export type DueQueue<T extends Ordered> = {
  add(value: T, at: number): void;
  /** Takes out the earliest thing that is due at `now`, or undefined; `at` is when it was said to be due. */
  take(now: number): Due<T> | undefined;
  /** Keeps only what fits. */
  keep(fits: (due: Due<T>) => boolean): void;
  size(): number;
};

/** What is due at the same time comes in this order. */
export type Ordered = { readonly order: number };

/** One thing in the queue and when it is due, epoch ms. */
export type Due<T> = { readonly at: number; readonly value: T };

/** An empty queue. */
export function createDueQueue<T extends Ordered>(): DueQueue<T> {
  let heap: Due<T>[] = [];
  return {
    add: (value, at) => {
      heap.push({ at, value });
      rise(heap, heap.length - 1);
    },
    take: (now) => {
      const first = heap[0];
      if (first === undefined || first.at > now) return undefined;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) {
        heap[0] = last;
        sink(heap, 0);
      }
      return first;
    },
    keep: (fits) => {
      heap = heap.filter(fits).sort((a, b) => a.at - b.at || a.value.order - b.value.order);
    },
    size: () => heap.length,
  };
}

function rise<T extends Ordered>(heap: Due<T>[], from: number): void {
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfEarlier(heap, index, parent)) return;
    index = parent;
  }
}

function sink<T extends Ordered>(heap: Due<T>[], from: number): void {
  let index = from;
  for (;;) {
    const left = 2 * index + 1;
    const right = left + 1;
    const child = earlier(heap, right, left) ? right : left;
    if (!swapIfEarlier(heap, child, index)) return;
    index = child;
  }
}

function earlier<T extends Ordered>(heap: Due<T>[], a: number, b: number): boolean {
  const first = heap[a];
  const second = heap[b];
  return first !== undefined && second !== undefined && isBefore(first, second);
}

function swapIfEarlier<T extends Ordered>(heap: Due<T>[], lower: number, upper: number): boolean {
  const a = heap[lower];
  const b = heap[upper];
  if (a === undefined || b === undefined || !isBefore(a, b)) return false;
  heap[lower] = b;
  heap[upper] = a;
  return true;
}

function isBefore<T extends Ordered>(a: Due<T>, b: Due<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.value.order < b.value.order);
}
