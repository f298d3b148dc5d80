import { createReadBatch, type ReadBatch } from '../../../tags/index.ts';
import { createMatching } from './follow.ts';
import { learnMember, withShape } from './learn.ts';
import type { Lesson } from './plan.ts';
import { isSameReads } from './same-reads.ts';
import { createTextBytes, filled, isKept } from './text-bytes.ts';
import { type MemberEnd, type Scanning, takeMember, walk } from './walk.ts';

/**
 * Reads messages by the shapes that it learnt from earlier ones of the same reader. What it reads is what the generic way
 * would read; a message that differs in anything but values at known places it leaves to that way.
 */
export type Scanner = {
  /** Adds a message's reads to `into`, their times as the reader gave them, NaN for none. false: nothing was added. */
  take(payload: Uint8Array, topic: string, into: ReadBatch): boolean;
  /**
   * The members that the shapes of the message that was taken last were learnt from, each as often as another one began:
   * what a maker's code looks at is the same in them.
   */
  met(told: (sample: unknown) => void): void;
  /** Looks at a message that `take` refused. Rows `from` on are what the generic way read in it. */
  learn(payload: Uint8Array, topic: string, read: ReadBatch, from: number): void;
};

/** So many more messages than every ninth were strange: what this reader sends cannot be learnt. */
const PATIENCE = 32;
const PER_SUCCESS = 1 / 8;
/** Strange messages after which learning is tried again. */
const REST = 1_000;

/** A scanner that knows nothing yet. */
export function createScanner(lesson: Lesson): Scanner {
  const scanning: Scanning = {
    shapes: [],
    met: { samples: [], size: 0 },
    matching: createMatching(),
    text: createTextBytes(),
    topic: '',
    into: createReadBatch(1),
  };
  const spare = createReadBatch();
  let strange = 0;
  let rest = 0;
  const run = (payload: Uint8Array, topic: string, into: ReadBatch, memberEnd: MemberEnd): boolean => {
    const room = scanning.text;
    scanning.text = filled(room, payload);
    scanning.topic = topic;
    scanning.into = into;
    scanning.met.size = 0;
    const { size } = into;
    const isTaken = walk(scanning, memberEnd);
    if (!isTaken) into.size = size;
    if (!isKept(scanning.text)) scanning.text = room;
    return isTaken;
  };
  const studied = studyMember(lesson);
  const study = (payload: Uint8Array, topic: string, read: ReadBatch, from: number): void => {
    const known = scanning.shapes;
    spare.size = 0;
    if (!run(payload, topic, spare, studied) || !isSameReads(spare, read, from)) scanning.shapes = known;
  };
  return {
    met: (told) => {
      const { samples, size } = scanning.met;
      for (let i = 0; i < size; i++) told(samples[i]);
    },
    take: (payload, topic, into) => {
      if (scanning.shapes.length === 0 || !run(payload, topic, into, takeMember)) return false;
      strange = Math.max(0, strange - PER_SUCCESS);
      return true;
    },
    learn: (payload, topic, read, from) => {
      strange += 1;
      if (strange > PATIENCE) [strange, rest] = [0, REST];
      rest = Math.max(0, rest - 1);
      if (rest === 0 && payload.length <= LONGEST_LESSON) study(payload, topic, read, from);
    },
  };
}

/** Longer messages teach nothing that shorter ones do not. */
const LONGEST_LESSON = 1 << 17;

/** Reads a member, and learns its shape first where none fits. */
function studyMember(lesson: Lesson) {
  return (scanning: Scanning, from: number): number => {
    const end = takeMember(scanning, from);
    if (end >= 0) return end;
    const learnt = learnMember(lesson, scanning.text, from, scanning.topic);
    if (learnt === null) return -1;
    scanning.shapes = withShape(scanning.shapes, learnt.shape);
    return takeMember(scanning, from);
  };
}
