/** Things ordered by when they are due (epoch ms): a binary heap, so that work follows what is due and not what is there. */
export type DueQueue<T> = {
  add(value: T, at: number): void;
  /** Takes out the earliest thing that is due at `now`, or undefined; `at` is when it was said to be due. */
  take(now: number): Due<T> | undefined;
  /** Keeps only what fits. */
  keep(fits: (due: Due<T>) => boolean): void;
  size(): number;
};

/** One thing in the queue and when it is due, epoch ms. */
export type Due<T> = { readonly at: number; readonly value: T };

/** An empty queue. */
export function createDueQueue<T>(): DueQueue<T> {
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
      heap = heap.filter(fits).sort((a, b) => a.at - b.at);
    },
    size: () => heap.length,
  };
}

function rise<T>(heap: Due<T>[], from: number): void {
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfEarlier(heap, index, parent)) return;
    index = parent;
  }
}

function sink<T>(heap: Due<T>[], from: number): void {
  let index = from;
  for (;;) {
    const left = 2 * index + 1;
    const right = left + 1;
    const child = earlier(heap, right, left) ? right : left;
    if (!swapIfEarlier(heap, child, index)) return;
    index = child;
  }
}

function earlier<T>(heap: Due<T>[], a: number, b: number): boolean {
  const first = heap[a];
  const second = heap[b];
  return first !== undefined && second !== undefined && first.at < second.at;
}

function swapIfEarlier<T>(heap: Due<T>[], lower: number, upper: number): boolean {
  const a = heap[lower];
  const b = heap[upper];
  if (a === undefined || b === undefined || a.at >= b.at) return false;
  heap[lower] = b;
  heap[upper] = a;
  return true;
}
