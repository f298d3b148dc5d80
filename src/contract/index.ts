export type { Answer, Exactly } from './answer.ts';
export { type Check, DoctorAnswer, type DoctorReport } from './check.ts';
export { CustomerBody, CustomerParams, CustomerSchema, ErasedAnswer } from './customer.ts';
export {
  type DeadLetter,
  DeadLetterSchema,
  DestinationSchema,
  type DestinationStatus,
  ResendAnswer,
  ResendBody,
  type Resent,
} from './destination.ts';
export { type Fault, ProblemSchema } from './fault.ts';
export { HealthAnswer } from './health.ts';
export { type HistoryRow, HistoryRowSchema } from './history.ts';
export { type Item, type ItemDetail, ItemDetailSchema, ItemSchema, itemQuery, type Sighting } from './item.ts';
export {
  ItemInputAnswer,
  type ItemInputBody,
  type ItemInputResult,
  ItemInputSchema,
  ItemInputsAnswer,
  ItemInputsSchema,
  NamedInputSchema,
} from './item-input.ts';
export { KeySchema, NewKeyAnswer, newKeyBody } from './key.ts';
export {
  type AntennaRate,
  EventHeaders,
  EventQuery,
  EventStream,
  type FeedEvent,
  type LiveMessages,
  type Reads,
  type RecentTag,
} from './live.ts';
export { type Location, LocationSchema } from './location.ts';
export { EpcParams, GtinParams, IdParams, NoBody, Nothing, PageQuery } from './parameter.ts';
export { type Product, ProductNames, ProductQuery, ProductSchema } from './product.ts';
export { BadRowsAnswer, ImportParams, type ImportQuery, importAnswer, importQuery } from './product-import.ts';
export { PushedAnswer, PushedBytes } from './pushed.ts';
export { type AntennaStatus, ReaderSchema, type ReaderStatus } from './reader.ts';
export { commandAnswer } from './reader-command.ts';
export { Credentials, SessionSchema, type SignedIn, SignedInSchema, SignInCode, type StaffSession } from './session.ts';
export { type Page, pageOf, type Rows, rowsOf } from './shape.ts';
export { type StockRow, StockRowSchema, stockQuery } from './stock.ts';
