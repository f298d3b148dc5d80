/**
 * Sequences that the 7-bit hostname method writes in one unit (7 bits) or two (14 bits) [TDS 14.5.16, tables A and B].
 * The codes are values that no host name uses as a character.
 */
export const oneUnit: ReadonlyMap<number, string> = new Map([
  [30, 'qr.'],
  [31, 'www.'],
  [32, 'id.'],
  [91, '.com'],
  [92, '.org'],
  [93, '.net'],
  [94, '.int'],
  [96, '.edu'],
  [123, '.gov'],
  [124, '.mil'],
  [125, '.biz'],
  [126, '.eco'],
  [127, '.med'],
]);

/** Suffixes by their first unit (0 to 3) and second unit (place in the list), without the leading dot. */
export const twoUnits: readonly (readonly string[])[] = [
  [
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by',
    'bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi',
    'fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io',
    'iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li',
  ].join(' '),
  [
    'lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni',
    'nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si',
    'sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug us uy uz va vc',
    've vg vi vn vu wf ws ye yt za zm zw',
  ].join(' '),
  [
    'com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp co.za',
    'co.kr com.es com.lk co.th co.tt com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn net.cn',
    'gov.cn',
  ].join(' '),
  'tech',
].map((names) => names.split(' '));
