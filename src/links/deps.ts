import type { Clock, Log } from '../kit/index.ts';

/** What every link needs from outside; `random` gives [0, 1) and spreads reconnects. */
export type LinkDeps = { readonly clock: Clock; readonly log: Log; readonly random: () => number };
