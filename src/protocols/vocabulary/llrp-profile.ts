import { type Static, Type } from '../../kit/index.ts';
import { Expected, Hex, identity, oneOf, strict } from './vocabulary.ts';

const Unsigned32 = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });

/** A value in a vendor's Custom parameter of a tag report. `hex`: u16 count of words, then the words. */
const CustomValue = Type.Object(
  {
    vendor: Unsigned32,
    subtype: Type.Integer({ minimum: 0, maximum: 65_535 }),
    to: oneOf('rssi', 'phaseDeg', 'tid', 'frequencyKhz'),
    type: oneOf('u8', 's8', 'u16', 's16', 'u32', 'words'),
    scale: Type.Optional(Type.Number()),
  },
  strict,
);

/** A message of the vendor's own that switches its parameters on. */
const Enable = Type.Object(
  {
    vendor: Unsigned32,
    subtype: Type.Integer({ minimum: 0, maximum: 255 }),
    body: Hex,
    answer: Type.Integer({ minimum: 0, maximum: 255, description: 'subtype of the answer' }),
  },
  strict,
);

/** A Custom parameter of the reader's capabilities that says more of who it is: texts one after the other. */
const Details = Type.Object(
  {
    /** Whole parameters that are added to GET_READER_CAPABILITIES to be told it. */
    ask: Hex,
    vendor: Unsigned32,
    subtype: Type.Integer({ minimum: 0, maximum: 65_535 }),
    texts: Type.Array(oneOf('model', 'serial', 'software', 'firmware', 'fpga', 'board'), { minItems: 1, maxItems: 10 }),
  },
  strict,
);

/** A reader that speaks LLRP over TCP. */
export const LlrpProfile = Type.Object(
  {
    ...identity,
    kind: Type.Literal('llrp'),
    port: Type.Integer({ minimum: 1, maximum: 65_535, description: 'where the simulator and the docs expect it' }),
    /** 2: LLRP 1.1 is asked for, and 1.0.1 spoken where the reader has nothing newer. */
    newestVersion: Type.Integer({ minimum: 1, maximum: 2 }),
    /** Names for what GeneralDeviceCapabilities gives as numbers; models as `<manufacturer>:<model>`. */
    names: Type.Object(
      {
        manufacturers: Type.Record(Type.String({ pattern: '^[0-9]{1,10}$' }), Type.String({ maxLength: 60 }), strict),
        models: Type.Record(
          Type.String({ pattern: '^[0-9]{1,10}:[0-9]{1,10}$' }),
          Type.String({ maxLength: 60 }),
          strict,
        ),
      },
      strict,
    ),
    enable: Type.Optional(Enable),
    /** Whole parameters that are added to the TagReportContentSelector. */
    reportContent: Type.Optional(Hex),
    /** Whole parameters that are added to each antenna's C1G2InventoryCommand, such as Impinj's search mode. */
    inventoryContent: Type.Optional(Hex),
    details: Type.Optional(Details),
    values: Type.Array(CustomValue, { maxItems: 40 }),
    session: Type.Object(
      {
        /** How long an answer may take, and the reader's first word after connecting. */
        answerMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
        keepaliveMs: Type.Integer({ minimum: 1_000, maximum: 600_000 }),
        /** So many keepalives on end without a word: the connection is lost. Also failed set-ups before a reconnect. */
        missed: Type.Integer({ minimum: 1, maximum: 100 }),
        /** A set-up that failed is tried again after so long. */
        retryMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
      },
      strict,
    ),
    captures: Type.Array(
      Type.Object({ hex: Hex, meaning: Type.String({ maxLength: 200 }), expect: Expected }, strict),
      { maxItems: 200 },
    ),
  },
  strict,
);
export type LlrpProfile = Static<typeof LlrpProfile>;
export type CustomValue = Static<typeof CustomValue>;
