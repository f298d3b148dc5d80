import { type Static, Type } from '../../kit/index.ts';
import { NeutralError, strict } from './vocabulary.ts';

const Text = Type.String({ minLength: 1, maxLength: 300 });
const Field = Type.String({ pattern: '^[A-Za-z]{1,40}$', maxLength: 40 });
const Word = Type.String({ pattern: '^[a-z]{1,10}$' });

/** A question about what the reader is, and the fields of its answer by the names that all families share. */
const Question = Type.Object(
  {
    send: Text,
    fields: Type.Object(
      {
        model: Type.Optional(Field),
        maker: Type.Optional(Field),
        firmware: Type.Optional(Field),
        hardware: Type.Optional(Field),
        serial: Type.Optional(Field),
      },
      { ...strict, minProperties: 1 },
    ),
  },
  strict,
);

/** Commands on tags of a reader that writes lines, and what is told in their answers. */
const OnTags = Type.Object(
  {
    readMemory: Text,
    writeMemory: Text,
    lock: Type.Optional(Text),
    kill: Type.Optional(Text),
    /** Words for the memory banks, and for those that a mask may lie in. */
    banks: Type.Object({ reserved: Word, epc: Word, tid: Word, user: Word }, strict),
    maskBanks: Type.Object({ epc: Word, tid: Word, user: Word }, strict),
    /** The field with the words that were read, and that with the number of those that were written. */
    data: Field,
    written: Field,
    /** Name of a field and its value, `EB 004`, that mean that it was not done. */
    errors: Type.Record(
      Type.String({ pattern: '^[A-Z]{2} [0-9A-F]{3}$' }),
      Type.Object({ error: NeutralError }, strict),
      strict,
    ),
    mostWords: Type.Integer({ minimum: 1, maximum: 255 }),
  },
  strict,
);

/** What can be asked of a reader that writes lines. */
export const LineControl = Type.Object(
  {
    identify: Type.Optional(Type.Array(Question, { minItems: 1, maxItems: 6 })),
    onTags: Type.Optional(OnTags),
    timeoutMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
  },
  strict,
);
export type LineControl = Static<typeof LineControl>;
