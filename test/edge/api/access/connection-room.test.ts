import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConnectionRoom, type Stage } from '../../../../src/api/access/connection-room.ts';

function scene(limits = { connections: 6, strangersPerAddress: 3, graceMs: 1000 }) {
  const time = { ms: 0 };
  const room = createConnectionRoom<string>(limits, () => time.ms);
  /** Comes in as `name@address`. */
  const come = (name: string, stage: Stage = 'waiting') => {
    const admission = room.admit(name, name.split('@')[1] ?? '');
    room.turn(name, stage);
    return admission;
  };
  return { room, come, time };
}

const inFor = (evicted: string | null) => ({ admitted: true, evicted });
const refused = { admitted: false, evicted: null };

describe('one address', () => {
  it('has its oldest silent connection given up for a new one, and a new one is refused while all are young', () => {
    const { come, time } = scene();
    for (const name of ['1@shop', '2@shop', '3@shop']) expect(come(name)).toEqual(inFor(null));
    time.ms = 999;
    expect(come('4@shop')).toEqual(refused);
    time.ms = 1000;
    expect(come('5@shop')).toEqual(inFor('1@shop'));
    expect(come('6@shop')).toEqual(inFor('2@shop'));
  });

  it('keeps who asks before who is silent, whatever came first', () => {
    const { come, time } = scene();
    come('1@shop', 'asking');
    come('2@shop');
    come('3@shop');
    time.ms = 5000;
    expect(come('4@shop')).toEqual(inFor('2@shop'));
    expect(come('5@shop')).toEqual(inFor('3@shop'));
  });

  it('may have as many signed-in connections as there is room: a shop behind one proxy is not locked out', () => {
    const { come } = scene();
    for (const name of ['1@proxy', '2@proxy', '3@proxy', '4@proxy', '5@proxy'])
      expect(come(name, 'serving')).toEqual(inFor(null));
    expect(come('6@proxy')).toEqual(inFor(null));
  });

  it('counts a connection again as a stranger’s when its next request is nobody’s', () => {
    const { room, come, time } = scene();
    for (const name of ['1@shop', '2@shop', '3@shop']) come(name, 'serving');
    for (const name of ['1@shop', '2@shop', '3@shop']) room.turn(name, 'asking');
    time.ms = 1000;
    expect(come('4@shop')).toEqual(inFor('1@shop'));
  });
});

describe('several addresses', () => {
  it('make room at the cost of the one that has most strangers, without any grace', () => {
    const { come } = scene();
    for (const name of ['1@greedy', '2@greedy', '3@greedy', '1@a', '2@a', '1@b']) come(name);
    expect(come('1@c')).toEqual(inFor('1@greedy'));
  });

  it('lose no feed, upload or answer of who has signed in: those who rest go first, then nobody', () => {
    const { come, room } = scene();
    for (const name of ['1@a', '2@a', '3@a', '1@b', '2@b']) come(name, 'serving');
    come('3@b', 'resting');
    expect(come('1@c')).toEqual(inFor('3@b'));
    room.turn('1@c', 'serving');
    expect(come('2@c')).toEqual(refused);
    expect(come('1@d')).toEqual(refused);
  });
});

describe('the machine itself', () => {
  it.each(['127.0.0.1', '::1'])('always gets in from %s, beyond both limits and without grace', (own) => {
    const { come } = scene();
    for (const name of ['1@a', '2@a', '3@a', '1@b', '2@b', '3@b']) come(name, 'serving');
    expect(come(`1@${own}`)).toEqual(inFor(null));
    expect(come(`2@${own}`)).toEqual(inFor(`1@${own}`));
    expect(come('4@b')).toEqual(inFor(`2@${own}`));
  });

  it('comes with many at once, as a proxy in front does, and none of them is given up while there is room', () => {
    const { come } = scene();
    for (let n = 1; n <= 6; n++) expect(come(`${n}@127.0.0.1`)).toEqual(inFor(null));
    expect(come('7@127.0.0.1')).toEqual(inFor('1@127.0.0.1'));
  });
});

it('whoever leaves makes room, once', () => {
  const { room, come } = scene({ connections: 2, strangersPerAddress: 1, graceMs: 1000 });
  come('1@a');
  expect(come('2@a')).toEqual(refused);
  room.leave('1@a');
  room.leave('1@a');
  room.turn('1@a', 'serving');
  expect(room.size()).toBe(0);
  expect(come('3@a')).toEqual(inFor(null));
});

it('holds its limits whatever comes, turns and leaves, and never gives up who is served', () => {
  const stage = fc.constantFrom<Stage>('waiting', 'asking', 'resting', 'serving');
  const step = fc.record({ owner: fc.nat(30), from: fc.nat(4), stage, leaves: fc.boolean(), after: fc.nat(700) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { room, time } = scene({ connections: 8, strangersPerAddress: 3, graceMs: 1000 });
      const known = new Map<string, Stage>();
      for (const { owner, from, stage, leaves, after } of steps) {
        const name = `${owner}@${from}`;
        time.ms += after;
        if (!known.has(name)) admit(room, known, name);
        else if (leaves) leave(room, known, name);
        else {
          room.turn(name, stage);
          known.set(name, stage);
        }
        expect(room.size()).toBe(known.size);
        expect(room.size()).toBeLessThanOrEqual(8);
      }
    }),
  );
});

type Room = ReturnType<typeof scene>['room'];

function leave(room: Room, known: Map<string, Stage>, name: string) {
  room.leave(name);
  known.delete(name);
}

function admit(room: Room, known: Map<string, Stage>, name: string) {
  const { admitted, evicted } = room.admit(name, name.split('@')[1] ?? '');
  if (evicted !== null) {
    expect(known.get(evicted)).not.toBe('serving');
    known.delete(evicted);
  }
  if (admitted) known.set(name, 'waiting');
}
