import { type Static, Type } from '../../kit/index.ts';
import { Name, oneOf, strict } from './vocabulary.ts';

/** A dotted path into the member; a leading `/` starts at the message that holds the list. */
export const MemberPath = Type.String({
  pattern: '^/?[^./][^.]*(\\.[^.]+)*$',
  maxLength: 200,
  description: 'a dotted path, e.g. data.idHex',
});

const where = {
  path: Type.Optional(MemberPath),
  /** The member itself, where it is a bare text. */
  self: Type.Optional(Type.Literal(true)),
  column: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'CSV column, counted from 1' })),
  topicLevel: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 64, description: 'level of the topic, counted from 1' }),
  ),
};
const one = { ...strict, minProperties: 1 };
const list = { minItems: 1, maxItems: 10 };

/** Where a value may stand: the first that is there is taken. */
const Places = Type.Array(Type.Object(where, one), list);

export const timeFormats = ['iso', 's', 'ms', 'us'] as const;

/** True when the value at `path` is there, or is one of `in`. */
const When = Type.Object(
  {
    path: MemberPath,
    in: Type.Optional(
      Type.Array(Type.Union([Type.String({ maxLength: 80 }), Type.Boolean(), Type.Integer()]), {
        minItems: 1,
        maxItems: 20,
      }),
    ),
  },
  strict,
);

/** A member that is no read: something to tell, or nothing. */
const MapRule = Type.Object(
  {
    when: When,
    is: oneOf('event', 'ignore'),
    name: Type.Optional(Name),
    online: Type.Optional(Type.Boolean({ description: 'what it says of the reader’s connection' })),
  },
  strict,
);
export type MapRule = Static<typeof MapRule>;

/** Where each value of a read is in a message, in which unit and encoding. Used by a reader's own `map` and by plug-ins; profiles use the part that they share (`profile-map.ts`). */
export const ReadMap = Type.Object(
  {
    payload: Type.Optional(oneOf('json', 'csv', 'hex', 'form')),
    /** CSV: the first line of each message names the columns, and places name them as their `path`. */
    header: Type.Optional(Type.Boolean({ description: 'CSV: the first line names the columns, for path' })),
    separator: Type.Optional(oneOf(',', ';', '\t', '|')),
    /** Members that are no reads; the first that fits decides. Paths start at the member, those with a leading `/` at the message. */
    rules: Type.Optional(Type.Array(MapRule, list)),
    /** The member that holds the list of reads, the first that is there; without one the message itself is the read. */
    list: Type.Optional(Type.Array(MemberPath, list)),
    idType: Type.Optional(oneOf('epc', 'uid')),
    id: Type.Array(Type.Object({ ...where, encoding: Type.Optional(oneOf('hex', 'base64')) }, one), list),
    /** The id is followed by a TID of so many hex digits when the value at `path` is `is` (Zebra: format fastID). */
    tidSuffix: Type.Optional(
      Type.Object({ path: MemberPath, is: Type.String(), digits: Type.Integer({ minimum: 4, maximum: 64 }) }, strict),
    ),
    antenna: Type.Optional(Places),
    rssi: Type.Optional(Type.Array(Type.Object({ ...where, unit: Type.Optional(oneOf('dBm', 'cdBm')) }, one), list)),
    time: Type.Optional(Type.Array(Type.Object({ ...where, format: oneOf(...timeFormats) }, one), list)),
    count: Type.Optional(Places),
    /**
     * Reports that stand for a whole round, because the reader names each tag once per round or once at all: every
     * report, or those for which one of these holds.
     */
    round: Type.Optional(
      Type.Union([Type.Literal(true), Type.Array(When, list)], {
        description: 'true, or when a report stands for a whole round',
      }),
    ),
    seq: Type.Optional(Places),
    frequency: Type.Optional(Type.Array(Type.Object({ ...where, unit: oneOf('kHz', 'MHz') }, one), list)),
    phase: Type.Optional(Places),
    pc: Type.Optional(Type.Array(Type.Object({ ...where, encoding: oneOf('hex', 'base64', 'number') }, one), list)),
    tid: Type.Optional(
      Type.Array(Type.Object({ ...where, encoding: Type.Optional(oneOf('hex', 'base64')) }, one), list),
    ),
  },
  { ...strict, description: 'where the values of a read are' },
);
export type ReadMap = Static<typeof ReadMap>;
