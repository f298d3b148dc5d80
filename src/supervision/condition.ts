import type { Remark, RemarkCode, Sign } from '../protocols/index.ts';

/** What a reader last told of itself. Times are epoch ms. */
export type Condition = {
  readonly inventory: { readonly is: 'running' | 'armed' | 'stopped'; readonly at: number } | null;
  readonly trigger: 'gpi' | 'none' | null;
  /** Ports that the reader calls disconnected, ascending. */
  readonly antennasOff: readonly number[];
  readonly complaints: readonly Complaint[];
  /** The newest of each code. */
  readonly remarks: ReadonlyMap<RemarkCode, { readonly params: Remark['params']; readonly at: number }>;
};

export type Complaint = { readonly error: string; readonly text: string; readonly at: number; readonly count: number };

const MOST_PORTS = 256;
const LONGEST_TEXT = 160;

/** Remembers the newest sign of each kind; bounded whatever a reader says. */
export function createCondition() {
  const told = { inventory: null as Condition['inventory'], trigger: null as Condition['trigger'] };
  const off = new Set<number>();
  const complaints = new Map<string, Complaint>();
  const remarks = new Map<RemarkCode, { params: Remark['params']; at: number }>();
  const antenna = (port: number, isOff: boolean) => {
    if (!isOff) off.delete(port);
    else if (off.size < MOST_PORTS) off.add(port);
  };
  return {
    sign: (sign: Sign, now: number): void => {
      if (sign.about === 'inventory') told.inventory = { is: sign.is, at: now };
      else if (sign.about === 'trigger') told.trigger = sign.is;
      else if (sign.about === 'antenna') antenna(sign.port, sign.is === 'off');
      else if (sign.about === 'remark') remarks.set(sign.code, { params: sign.params, at: now });
      else if (sign.about === 'complaint') {
        const { error, text } = sign;
        const count = (complaints.get(error)?.count ?? 0) + 1;
        complaints.set(error, { error, text: text.slice(0, LONGEST_TEXT), at: now, count });
      }
    },
    /** Who reads on an antenna has it, whatever was said before. */
    readOn: (port: number | null): void => {
      if (off.size > 0 && port !== null) off.delete(port);
    },
    value: (): Condition => ({
      ...told,
      antennasOff: [...off].sort((a, b) => a - b),
      complaints: [...complaints.values()],
      remarks: new Map(remarks),
    }),
  };
}
