import { Type } from '../kit/index.ts';
import { At } from './parameter.ts';
import { closed, maybeText, orNull, plainText, text } from './shape.ts';

export const CustomerParams = closed({
  customer: Type.String({
    pattern: '^[A-Za-z0-9._:-]{1,200}$',
    description: 'the CRM’s reference; never a name, an address or a number of the person',
  }),
});

export const CustomerBody = closed({
  tokens: Type.Array(text(1500), {
    maxItems: 50,
    description: 'the person’s tags and cards: `uid:HEX`, or an EPC in any form; a GTIN is none',
  }),
  consent: closed({
    given: Type.Boolean(),
    textVersion: orNull(plainText(100)),
    at: At,
    source: orNull(plainText(100)),
  }),
});

/** What is kept of a person. */
export const CustomerSchema = Type.Object({
  customer: Type.String(),
  consent: Type.Object({
    given: Type.Boolean(),
    textVersion: maybeText,
    at: Type.Integer(),
    source: maybeText,
  }),
  tokens: Type.Integer({ description: 'how many tokens are known; their values are not kept' }),
});

export const ErasedAnswer = Type.Object({ removed: Type.Integer() });
