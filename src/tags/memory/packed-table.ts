/** What a data item may be: that many digits, or that many characters of text. */
export type PackedFormat = { readonly kind: 'digits' | 'text'; readonly min: number; readonly max: number };

/** One entry of the ID table of data format 9 [TDS F9B0]: an AI, or a family of AIs that secondary bits tell apart. */
export type PackedRow = {
  readonly id: number;
  /** The first digits of each AI of the family, in the order of the secondary table. */
  readonly choices: readonly { readonly ai: string; readonly format: PackedFormat }[];
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

const single =
  '00:1:18n 01:2:14n 10:4:1*20an 11:5:6n 12:6:6n 13:7:6n 15:8:6n 17:9:6n 20:10:2n 21:11:1*20an 22:12:1*20an';
const more =
  '240:13:1*30an 241:14:1*30an 242:15:1*6n 250:16:1*30an 251:17:1*30an 30:19:1*8n 400:35:1*30an 403:38:1*30an';
const places = '410:39:13n 411:40:13n 412:41:13n 413:42:13n 422:46:3n 423:47:3*15n 424:48:3n 425:49:3n 426:50:3n';
const rest = '7001:51:13n 7002:52:1*30an 7003:53:10n 7004:54:1*4n 8001:65:14n 8005:69:6n 8008:72:8*12n';

const plain: PackedRow[] = [single, more, places, rest].flatMap((line) =>
  line.split(' ').map((entry) => {
    const [ai = '', id, format = ''] = entry.split(':');
    return { id: Number(id), choices: [{ ai, format: formatOf(format) }], choiceBits: 0, range: 1 };
  }),
);

function family(id: number, ais: string, choiceBits: number, range: number, formats: string): PackedRow {
  const all = formats.split(' ');
  const choices = ais.split(' ').map((ai, at) => ({ ai, format: formatOf(all[at] ?? all[0] ?? '') }));
  return { id, choices, choiceBits, range };
}

/** The data elements that are read and written; other ID Values end the reading of an object. */
export const packedRows: readonly PackedRow[] = [
  ...plain,
  family(20, '310 320 356', 2, 6, '6n'),
  family(26, '330 340', 1, 7, '6n'),
  family(33, '390 391', 1, 10, '1*15n 4*18n'),
  family(34, '392 393', 1, 10, '1*15n 4*18n'),
];
