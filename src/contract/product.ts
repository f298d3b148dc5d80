import { Type } from '../kit/index.ts';
import type { Answer } from './answer.ts';
import { Paging } from './parameter.ts';
import { closed, maybeText, orNull, plainText, text } from './shape.ts';

export const ProductSchema = Type.Object({ gtin: Type.String(), sku: maybeText, name: maybeText });
export type Product = Answer<typeof ProductSchema>;

export const ProductNames = closed({ sku: orNull(plainText(100)), name: orNull(plainText(300)) });
export const ProductQuery = closed({ q: Type.Optional(text(200)), ...Paging });
