import { Type } from '../kit/index.ts';

/** Bytes, whatever they are: the reader's profile says what is in them. */
export const PushedBytes = Type.Unsafe<Uint8Array | undefined>({
  type: 'string',
  description:
    'what the reader’s profile or map reads, e.g. {"reads":[{"epc":"…","antenna":1,"rssi":-55,"at":0,"seq":1}]}',
});

/** What became of a pushed body. */
export const PushedAnswer = Type.Object({
  reads: Type.Integer(),
  events: Type.Integer(),
  rejected: Type.Array(Type.Object({ index: Type.Integer(), code: Type.String(), reason: Type.String() }), {
    description: 'members that could not be taken, by their place from 0, and why; the first 100',
  }),
  rejectedCount: Type.Integer(),
  effects: Type.Object(
    {
      arrived: Type.Integer(),
      repeated: Type.Integer(),
      waiting: Type.Integer(),
      without: Type.Record(Type.String(), Type.Integer()),
    },
    {
      description:
        'what became of the reads: a tag came, was there already, waits for a second read, or no effect by reason',
    },
  ),
});
