/** What one part of a data item may be: that many digits, or that many characters of text. */
export type PackedFormat = { readonly kind: 'digits' | 'text'; readonly min: number; readonly max: number };

/** A part of what one ID Value stands for. A value of two parts repeats its AI; two AIs stand for two values. */
export type PackedPart = { readonly ai: string; readonly format: PackedFormat };

/** One entry of the ID table of data format 9 [TDS F9B0]: an AI, or a family of AIs that secondary bits tell apart. */
export type PackedRow = {
  readonly id: number;
  /** The first digits of each AI of the family, in the order of the secondary table; `null` for an entry that is not read here. */
  readonly choices: readonly (readonly PackedPart[] | null)[];
  /** Secondary bits that say which choice. */
  readonly choiceBits: number;
  /** How many last digits the AI may have, from 0 on; 1 where the AI is complete. */
  readonly range: number;
};

/** ID Values are below this [K-IDsize]; two of them share 13 bits. */
export const idBase = 90;

function formatOf(text: string): PackedFormat {
  const [, min, max, kind] = /^(?:(\d+)\*)?(\d+)(a?n)$/.exec(text) ?? [];
  return { kind: kind === 'an' ? 'text' : 'digits', min: Number(min ?? max), max: Number(max) };
}

/** Parts of a value, `13n+0*17an`. */
const partsOf = (ai: string, formats: string): PackedPart[] =>
  formats.split('+').map((format) => ({ ai, format: formatOf(format) }));

const single =
  '00:1:18n 01:2:14n 10:4:1*20an 11:5:6n 12:6:6n 13:7:6n 15:8:6n 17:9:6n 20:10:2n 21:11:1*20an 22:12:1*20an';
const more =
  '240:13:1*30an 241:14:1*30an 242:15:1*6n 250:16:1*30an 251:17:1*30an 253:18:13n+0*17an 30:19:1*8n 400:35:1*30an 401:36:1*30an 402:37:17n 403:38:1*30an';
const places = '410:39:13n 411:40:13n 412:41:13n 413:42:13n 422:46:3n 423:47:3*15n 424:48:3n 425:49:3n 426:50:3n';
const food =
  '7001:51:13n 7002:52:1*30an 7003:53:10n 7004:54:1*4n 7030:55:3n+1*27an 7031:56:3n+1*27an 7032:57:3n+1*27an 7033:58:3n+1*27an 7034:59:3n+1*27an';
const moreFood = '7035:60:3n+1*27an 7036:61:3n+1*27an 7037:62:3n+1*27an 7038:63:3n+1*27an 7039:64:3n+1*27an';
const rest =
  '8001:65:14n 8002:66:1*20an 8003:67:14n+0*16an 8004:68:1*30an 8005:69:6n 8006:70:18n 8008:72:8*12n 8018:73:18n 90:75:1*30an';

const plain: PackedRow[] = [single, more, places, food, moreFood, rest].flatMap((line) =>
  line.split(' ').map((entry) => {
    const [ai = '', id, formats = ''] = entry.split(':');
    return { id: Number(id), choices: [partsOf(ai, formats)], choiceBits: 0, range: 1 };
  }),
);

function family(id: number, ais: string, choiceBits: number, range: number, formats: string): PackedRow {
  const all = formats.split(' ');
  const choices = ais.split(' ').map((ai, at) => partsOf(ai, all[at] ?? all[0] ?? ''));
  return { id, choices, choiceBits, range };
}

/** Measures: secondary tables of 4 or 8 quantities, and 0 to 5 decimal places. */
const measures: PackedRow[] = [
  family(20, '310 320 356', 2, 6, '6n'),
  family(21, '311 321 322 323', 2, 6, '6n'),
  family(22, '312 324 325 326', 2, 6, '6n'),
  family(23, '313 327 328 329', 2, 6, '6n'),
  family(24, '314 350 351 352', 2, 6, '6n'),
  family(25, '315 316 357 360 361 364 365 366', 3, 6, '6n'),
  family(27, '331 341 342 343', 2, 6, '6n'),
  family(28, '332 344 345 346', 2, 6, '6n'),
  family(29, '333 347 348 349', 2, 6, '6n'),
  family(30, '334 353 354 355', 2, 6, '6n'),
  family(31, '335 336 362 363 367 368 369', 3, 6, '6n'),
];

/** The secondary table S12 of further AIs, by its place: those whose values have one form of one part. */
const further =
  '0:243:1*20an 2:427:1*3an 7:8010:1*30an 8:8011:1*12n 9:8017:18n 10:8019:1*10n 12:16:6n 14:7005:1*12an 15:7006:6n 17:7008:1*3an 18:7009:1*10an 20:8012:1*20an 21:416:13n 22:7020:1*20an 23:7021:1*20an 24:7022:1*20an 27:417:13n 33:7240:1*20an';

function furtherRow(): PackedRow {
  const choices = Array.from({ length: 128 }, (): PackedPart[] | null => null);
  for (const entry of further.split(' ')) {
    const [place, ai = '', format = ''] = entry.split(':');
    choices[Number(place)] = partsOf(ai, format);
  }
  return { id: 85, choices, choiceBits: 7, range: 1 };
}

/** The data elements that are read and written; other ID Values end the reading of an object. */
export const packedRows: readonly PackedRow[] = [
  ...plain,
  { id: 3, choices: [[...partsOf('02', '14n'), ...partsOf('37', '1*8n')]], choiceBits: 0, range: 1 },
  ...measures,
  family(26, '330 340', 1, 7, '6n'),
  family(32, '337', 0, 7, '6n'),
  family(33, '390 391', 1, 10, '1*15n 4*18n'),
  family(34, '392 393', 1, 10, '1*15n 4*18n'),
  furtherRow(),
];
