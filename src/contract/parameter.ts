import { Type } from '../kit/index.ts';
import { closed, orNull } from './shape.ts';

export const Id = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,100}$' });
export const At = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000, description: 'epoch milliseconds' });
export const GtinText = Type.String({ pattern: '^([0-9]{8}|[0-9]{12,14})$', description: 'GTIN-8, -12, -13 or -14' });
export const EpcParam = Type.String({
  minLength: 1,
  maxLength: 1500,
  description: 'EPC as hex, tag URI, pure identity URI, bracketed element string or Digital Link, percent-encoded',
});
export const Paging = {
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'rows per page, 100 if not given' })),
};
export const PageQuery = closed(Paging);
export const IdParams = closed({ id: Id });
export const EpcParams = closed({ epc: EpcParam });
export const GtinParams = closed({ gtin: GtinText });
export const NoBody = orNull(closed({}));
export const Nothing = Type.Null();
