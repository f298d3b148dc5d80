import { alphanumeric, delimited } from './alphanumeric.ts';
import { date, dateRange, dateTime, variableDateTime } from './dates.ts';
import { countedNumber, fixedNumber, type Method, nibbles } from './method.ts';
import { bit, country, minus, sequence } from './small.ts';

/** How +AIDC data encode the value of an AI: one method, or two for values of two parts [TDS 15.3, table F]. */
export type Format = readonly [first: Method, second?: Method];

function span(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
}

/** Measures: three digits name the quantity, the fourth (0 to 5) the decimal places. */
const measures = [...span(310, 316), ...span(320, 337), ...span(340, 357), ...span(360, 369)].flatMap((quantity) =>
  span(0, 5).map((decimals) => quantity + decimals),
);

const text = (lengthBits: number, max: number, ais: string): [Format, string[]] => [
  [alphanumeric(lengthBits, max)],
  ais.split(' '),
];

const rows: readonly [Format, string[]][] = [
  [[nibbles(18)], ['00', '8006', '8017', '8018', '8026']],
  [[nibbles(14)], ['01', '02']],
  [[nibbles(13)], ['410', '411', '412', '413', '414', '415', '416', '417']],
  [[nibbles(2)], ['7241']],
  [[nibbles(13), alphanumeric(5, 17, 0)], ['253']],
  [[nibbles(13), countedNumber(4, 12, 0)], ['255']],
  [[nibbles(14), alphanumeric(5, 16, 0)], ['8003']],
  text(2, 2, '7010'),
  text(2, 3, '427 7008'),
  text(3, 4, '7040 7041'),
  text(4, 10, '7009 7255'),
  text(4, 12, '7005'),
  text(5, 20, '10 21 22 243 254 420 4318 7020 7021 7022 710 711 712 713 714 715 716 7240 8002 8012'),
  text(5, 24, '8007'),
  text(5, 25, '7242 8013 8020'),
  text(5, 28, '235'),
  text(5, 30, '240 241 250 251 400 401 403 4308 4319 7002 90'),
  text(5, 30, '7230 7231 7232 7233 7234 7235 7236 7237 7238 7239'),
  text(6, 35, '4300 4301 4310 4311 4320'),
  text(6, 40, '7253 7254 7259'),
  text(6, 50, '8009'),
  text(7, 70, '4302 4303 4304 4305 4306 4312 4313 4314 4315 4316 7257 8110 8112 8200'),
  text(7, 90, '7256 8030 91 92 93 94 95 96 97 98 99'),
  [[delimited(30)], ['7023', '8004', '8010']],
  [[date], ['11', '12', '13', '15', '16', '17', '4326', '7006']],
  [[dateTime], ['4324', '4325', '7003']],
  [[dateRange], ['7007']],
  [[variableDateTime], ['7011', '8008']],
  [[fixedNumber(1)], ['7252']],
  [[fixedNumber(2)], ['20']],
  [[fixedNumber(3)], ['422', '424', '426']],
  [[fixedNumber(4)], [...span(3940, 3943), '8111']],
  [[fixedNumber(6)], [...measures, ...span(3950, 3953), '8005']],
  [[fixedNumber(8)], ['7250']],
  [[fixedNumber(12)], ['7251']],
  [[fixedNumber(13)], ['7001']],
  [[fixedNumber(14)], ['8001']],
  [[fixedNumber(17)], ['402']],
  [[fixedNumber(20)], ['4309']],
  [[fixedNumber(6), minus], span(4330, 4333)],
  [[fixedNumber(3), alphanumeric(4, 9)], ['421']],
  [[fixedNumber(3), alphanumeric(5, 27)], span(7030, 7039)],
  [
    [fixedNumber(3), countedNumber(4, 15)],
    [...span(3910, 3919), ...span(3930, 3939)],
  ],
  [[countedNumber(3, 4)], ['7004']],
  [[countedNumber(3, 6)], ['242']],
  [[countedNumber(4, 8)], ['30', '37']],
  [[countedNumber(4, 10)], ['8019']],
  [[countedNumber(4, 12)], ['8011']],
  [[countedNumber(4, 15)], [...span(3900, 3909), ...span(3920, 3929), '423', '425']],
  [[bit], ['4321', '4322', '4323']],
  [[country], ['4307', '4317']],
  [[sequence], ['7258']],
];

/** The format of each AI. */
export const aiFormats: ReadonlyMap<string, Format> = new Map(
  rows.flatMap(([format, ais]) => ais.map((ai): [string, Format] => [ai, format])),
);

/** Digits of the AIs that begin with these two digits [TDS table K]; 0 where none begins so. */
export const aiLengths: readonly number[] = Array.from({ length: 100 }, (_, pair) => {
  const start = String(pair).padStart(2, '0');
  for (const ai of aiFormats.keys()) if (ai.startsWith(start)) return ai.length;
  return 0;
});
