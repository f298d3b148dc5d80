import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEpc, parseTag, plainElementString } from '../../../src/tags/index.ts';

function read(text: string, options = {}) {
  const result = parseTag(text, options);
  return result.ok ? [result.epc.id, ...result.epc.data.map(([ai, value]) => `${ai}=${value}`)] : result.error.code;
}

function faultOf(text: string, options = {}) {
  const result = parseTag(text, options);
  return result.ok ? result.epc.id : [result.error.code, result.error.position];
}

const gtin = '09506000134352';
const base = 'https://id.gs1.org/';

describe('the words of Digital Link 1.1', () => {
  it.each([
    ['gtin/09506000134352/cpv/2A/lot/L1/ser/7', '01/09506000134352/21/7', ['22=2A', '10=L1']],
    ['gtin/09506000134352/ser/7?exp=301231', '01/09506000134352/21/7', ['17=301231']],
    ['itip/095060001343520102/ser/7', '8006/095060001343520102/21/7', []],
    ['gln/9506000134352/glnx/A', '414/9506000134352/254/A', []],
    ['party/9506000134352', '417/9506000134352', []],
    ['sscc/095060001343520116', '00/095060001343520116', []],
    ['grai/09506000134352A', '8003/09506000134352A', []],
    ['giai/9506000A', '8004/9506000A', []],
    ['gsrn/950600013435200008/srin/12', '8018/950600013435200008', ['8019=12']],
    ['gsrnp/950600013435200008', '8017/950600013435200008', []],
    ['gdti/9506000134352A', '253/9506000134352A', []],
    ['gcn/95060001343521', '255/95060001343521', []],
    ['cpid/9506000A/cpsn/1', '8010/9506000A/8011/1', []],
    ['ginc/9506000A', '401/9506000A', []],
    ['gsin/95060001234567893', '402/95060001234567893', []],
  ])('%s is %s', (path, id, data) => {
    expect(read(`${base}${path}`, { aliases: true })).toEqual([base + id, ...data]);
    expect(faultOf(`${base}${path}`)).toEqual(['SYNTAX', 19]);
    expect(faultOf(`${base}${path}`, { aliases: false })).toEqual(['SYNTAX', 19]);
  });
});

describe('a Digital Link', () => {
  it.each([
    [`http://a.example/01/${gtin}/21/7`, []],
    [`HTTPS://a.example/01/${gtin}/21/7`, []],
    [`https://a.example/01/${gtin}/21/7/`, []],
    [`https://a.example/01/${gtin}/21/7#01/1`, []],
    [`https://a.example/01/${gtin}/21/7?`, []],
    [`https://a.example/01/${gtin}/21/7?lang=zh&x`, []],
    [`https://a.example/01/${gtin}/21/7?17=301231;10=A%2Fb#top`, ['17=301231', '10=A/b']],
    [`https://a.example/01/9506000134352/21/7`, []],
    [`https://a.example/x/01/${gtin}/21/7`, []],
    [`https://a.example/x/y/01/${gtin}/21/7`, []],
    [`https://a.example/01/shop/01/${gtin}/21/7`.replace('01/shop', 'shop/01'), []],
  ])('%s is read', (text, data) => {
    expect(read(text)).toEqual([`${base}01/${gtin}/21/7`, ...data]);
  });

  it('may name a trade item by 8 or 12 digits', () => {
    expect(read(`${base}01/96385074/21/7`)).toEqual([`${base}01/00000096385074/21/7`]);
    expect(read(`${base}01/614141007349/21/7`)).toEqual([`${base}01/00614141007349/21/7`]);
    expect(faultOf(`${base}01/12345678905/21/7`)).toEqual(['TOO_SHORT', 33]);
    expect(faultOf(`${base}414/96385074`)).toEqual(['TOO_SHORT', 31]);
  });

  it.each<[string, [string, number | null]]>([
    ['https://a.example', ['SYNTAX', 0]],
    ['https://a.example/', ['SYNTAX', 18]],
    ['https://a.example/x', ['SYNTAX', 18]],
    [`https://a.example/01/${gtin}/21`, ['SYNTAX', 18]],
    ['https:///01/1', ['SYNTAX', 0]],
    [`ftp://a.example/01/${gtin}/21/7`, ['SYNTAX', 0]],
    [`ftp://http://a.example/01/${gtin}/21/7`, ['SYNTAX', 0]],
    [`https://a.example/01/${gtin}/21/7#a\nb`, ['SYNTAX', 0]],
    [`x https://a.example/01/${gtin}/21/7`, ['SYNTAX', 0]],
    [`https://a.example/01/${gtin}/21/%4`, ['BAD_ESCAPE', 39]],
    [`https://a.example/01/${gtin}/21/a%4x`, ['BAD_ESCAPE', 40]],
    [`https://a.example/01/${gtin}/21/a%x4`, ['BAD_ESCAPE', 40]],
    [`https://a.example/x/01/${gtin}/21/a b`, ['BAD_CHARACTER', 42]],
    [`https://a.example/x/y/01/${gtin}/21/a b`, ['BAD_CHARACTER', 44]],
    [`https://a.example/01/${gtin}/21/7?10=%zz`, ['BAD_ESCAPE', 44]],
    [`https://a.example/01/${gtin}/21/7?21=8`, ['SYNTAX', 18]],
    [`https://a.example/01/${gtin}/21/7?10=A&10=B`, ['SYNTAX', 18]],
    [`https://a.example/01/${gtin}/21/7/10/a b`, ['BAD_CHARACTER', 44]],
    [`https://a.example/01/${gtin}/21/7?10=a b`, ['BAD_CHARACTER', 44]],
    [`https://a.example/01/${gtin}/21/7?10=`, ['TOO_SHORT', 44]],
    ['https://a.example/01/09506000134353/21/7', ['CHECK_DIGIT', 34]],
    [`https://a.example/01/${gtin}`, ['CLASS_LEVEL', null]],
  ])('%s is refused: %j', (text, fault) => {
    expect(faultOf(text)).toEqual(fault);
  });

  it('says whether there is no address, or no key in it', () => {
    expect(parseTag('https://')).toMatchObject({ error: { expected: 'https://…' } });
    for (const text of ['https://a.example', 'https://a.example?17=301231', 'https://a.example/x']) {
      expect(parseTag(text)).toMatchObject({ error: { expected: '01/…/21/…' } });
    }
  });

  it('has its data in the path in the order of the standard, others in the query', () => {
    const linkOf = (text: string) => {
      const result = parseTag(text);
      return result.ok ? result.epc.digitalLink : result.error.code;
    };
    expect(linkOf(`(21)7(17)301231(10)L(22)V(01)${gtin}`)).toBe(`${base}01/${gtin}/22/V/10/L/21/7?17=301231`);
    expect(linkOf('(8006)095060001343520102(21)7(10)L(22)V')).toBe(`${base}8006/095060001343520102/22/V/10/L/21/7`);
    expect(linkOf('(414)9506000134352(254)A(7040)1A2B')).toBe(`${base}414/9506000134352/254/A/7040/1A2B`);
    expect(linkOf('(417)9506000134352(7040)1A2B')).toBe(`${base}417/9506000134352/7040/1A2B`);
    expect(linkOf('(8004)9506000A(7040)1A2B')).toBe(`${base}8004/9506000A/7040/1A2B`);
    expect(linkOf('(8018)950600013435200008(8019)5')).toBe(`${base}8018/950600013435200008/8019/5`);
    expect(linkOf('(8017)950600013435200008(8019)5')).toBe(`${base}8017/950600013435200008/8019/5`);
    expect(linkOf('(00)095060001343520116(10)L')).toBe(`${base}00/095060001343520116?10=L`);
    expect(linkOf(`(01)${gtin}(10)L(17)301231`)).toBe(`${base}01/${gtin}/10/L?17=301231`);
    expect(linkOf('(00)095060001343520116(10)a/b(240)c d'.replace(' ', '&'))).toBe(
      `${base}00/095060001343520116?10=a%2Fb&240=c%26d`,
    );
  });
});

describe('an element string as a scanner sends it', () => {
  const fixed: [string, string][] = [
    ['11', '301231'],
    ['12', '301231'],
    ['13', '301231'],
    ['15', '301231'],
    ['16', '301231'],
    ['17', '301231'],
    ['20', '01'],
    ['3100', '000750'],
    ['3200', '000750'],
    ['3300', '000750'],
    ['3400', '000750'],
    ['3500', '000750'],
    ['3600', '000750'],
    ['410', '9506000134352'],
    ['00', '095060001343520116'],
    ['02', gtin],
  ];
  const open: [string, string][] = [
    ['10', 'L'],
    ['30', '5'],
    ['37', '5'],
    ['240', 'x'],
    ['3922', '1999'],
    ['400', 'x'],
    ['420', '105'],
    ['7003', '3012312359'],
    ['8005', '000199'],
    ['91', 'x'],
  ];

  it.each(fixed)('goes on behind AI %s without FNC1', (ai, value) => {
    const text = `01${gtin}${ai}${value}217`;
    const data = ai === '01' ? [] : [`${ai}=${value}`];
    expect(read(`]d2${text}`)).toEqual([`${base}01/${gtin}/21/7`, ...data]);
    const epc = parseTag(`(01)${gtin}(21)7(${ai})${value}(99)x`);
    expect(epc.ok && plainElementString(epc.epc)).toBe(`01${gtin}217\u001d${ai}${value}99x`);
  });

  it.each(open)('needs FNC1 behind AI %s', (ai, value) => {
    expect(read(`]d201${gtin}${ai}${value}\u001d217`)).toEqual([`${base}01/${gtin}/21/7`, `${ai}=${value}`]);
    expect(read(`^01${gtin}217^${ai}${value}^`)).toEqual([`${base}01/${gtin}/21/7`, `${ai}=${value}`]);
    const epc = parseTag(`(01)${gtin}(21)7(${ai})${value}(99)x`);
    expect(epc.ok && plainElementString(epc.epc)).toBe(`01${gtin}217\u001d${ai}${value}\u001d99x`);
    expect(epc.ok && plainElementString(epc.epc, '^')).toBe(`01${gtin}217^${ai}${value}^99x`);
  });

  it.each<[string, [string, number | null]]>([
    [`]d2`, ['UNKNOWN_AI', 0]],
    [`]d201${gtin}`, ['CLASS_LEVEL', null]],
    [`]d201${gtin}21`, ['TOO_SHORT', 21]],
    [`]d2\u001d01${gtin}21`, ['TOO_SHORT', 22]],
    [`]d201${gtin}\u001d0`, ['UNKNOWN_AI', 20]],
    [`]d201${gtin}04`, ['UNKNOWN_AI', 19]],
    [`]d201${gtin}31`, ['UNKNOWN_AI', 19]],
    [`]d201${gtin}31a0123456`, ['UNKNOWN_AI', 19]],
    [`]d201${gtin}a`, ['UNKNOWN_AI', 19]],
    [`]d201${gtin}217\u001d218`, ['SYNTAX', 23]],
    [`]d201${gtin}21a b`, ['BAD_CHARACTER', 22]],
    [`01${gtin}21a]d2`, ['BAD_CHARACTER', 19]],
    [`]2d01${gtin}217`, ['UNKNOWN_AI', 0]],
    [`]dx01${gtin}217`, ['UNKNOWN_AI', 0]],
    [` ]d201${gtin}217`, ['SYNTAX', 0]],
  ])('%j is refused: %j', (text, fault) => {
    expect(faultOf(text)).toEqual(fault);
  });

  it('may end with FNC1, and begin with a symbology identifier, FNC1 or both', () => {
    for (const text of [
      `01${gtin}217`,
      `01${gtin}217\u001d`,
      `\u001d01${gtin}217`,
      `]C101${gtin}217`,
      `]Q3\u001d01${gtin}217^`,
    ]) {
      expect(read(text)).toEqual([`${base}01/${gtin}/21/7`]);
    }
  });
});

describe('a bracketed element string', () => {
  it.each<[string, [string, number | null]]>([
    ['()', ['SYNTAX', 0]],
    ['(1)5', ['SYNTAX', 0]],
    ['(01)', ['TOO_SHORT', 4]],
    [`(01)${gtin}(21)7(10)A(10)B`, ['SYNTAX', 28]],
    [`(01)${gtin}(21)7(10)a b`, ['BAD_CHARACTER', 27]],
    [`(01)${gtin}(21)7(17)301331`, ['BAD_DATE', 27]],
    [`(01)${gtin}(88)1`, ['UNKNOWN_AI', 22]],
  ])('%s is refused: %j', (text, fault) => {
    expect(faultOf(text)).toEqual(fault);
  });

  it('escapes each bracket of a value that would look like an AI, and no other', () => {
    for (const serial of ['(10)', '(1)', '(10', 'a(100)b(1000)(10000)', '((21)', '(ab)']) {
      const epc = parseTag(`${base}01/${gtin}/21/${encodeURIComponent(serial).replace(/[()]/g, escape)}`);
      const text = (epc.ok && epc.epc.elementString) || '';
      expect(text).toBe(`(01)${gtin}(21)${serial.replace(/\((?=\d{2,4}\))/g, '\\(')}`);
      expect(read(text)).toEqual([epc.ok && epc.epc.id]);
    }
  });
});

describe('escapes', () => {
  const plain = `!'()*+,-.:;=_0123456789ABCXYZabcxyz`;

  it('of an EPC URI are those seven characters, and no other', () => {
    const result = parseTag(`urn:epc:id:giai:9506000.%22%25%26%2F%3C%3E%3F`);
    expect(result.ok && result.epc.fields['assetReference']).toBe('"%&/<>?');
    expect(result.ok && result.epc.epcUri).toBe('urn:epc:id:giai:9506000.%22%25%26%2F%3C%3E%3F');
    for (const character of plain) {
      const raw = parseTag(`urn:epc:id:giai:9506000.${character}`);
      const escaped = parseTag(`urn:epc:id:giai:9506000.%${character.charCodeAt(0).toString(16)}`);
      expect([character, raw.ok && raw.epc.epcUri]).toEqual([character, `urn:epc:id:giai:9506000.${character}`]);
      expect([character, escaped.ok && escaped.epc.epcUri]).toEqual([
        character,
        `urn:epc:id:giai:9506000.${character}`,
      ]);
    }
  });

  it.each([...'"#&/<>?'])('are missing where %s stands raw', (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    expect(parseTag(`urn:epc:id:giai:9506000.a${character}b`)).toMatchObject({
      ok: false,
      error: { code: 'BAD_ESCAPE', position: 25, expected: `%${code}` },
    });
  });

  it.each([
    ['urn:epc:id:giai:9506000.a%', 25],
    ['urn:epc:id:giai:9506000.a%4', 25],
    ['urn:epc:id:giai:9506000.ab%G1', 26],
    ['urn:epc:id:giai:9506000.ab%1G', 26],
    ['urn:epc:id:sgtin:9506000.01%3.7', 27],
  ])('%s is broken at %i', (uri, position) => {
    expect(faultOf(uri)).toEqual(['BAD_ESCAPE', position]);
  });

  const every = [...`!"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz`];
  const stays = /[A-Za-z0-9\-._~]/;

  it('that stand for a control character are right, the character is wrong', () => {
    expect(faultOf('urn:epc:id:giai:9506000.a%00')).toEqual(['BAD_CHARACTER', 25]);
    expect(faultOf('urn:epc:id:giai:9506000.a%1f')).toEqual(['BAD_CHARACTER', 25]);
  });

  it.each(every)('of a Digital Link are all but letters, digits and - . _ ~: %s', (character) => {
    const result = encodeEpc(`(8004)9506000${character}x`, { scheme: 'giai+' });
    const code = character.charCodeAt(0).toString(16).toUpperCase();
    const link = `${base}8004/9506000${stays.test(character) ? character : `%${code}`}x`;
    expect(result).toMatchObject({ ok: true, epc: { id: link, digitalLink: link } });
  });
});

describe('blanks and FNC1 around a printed value', () => {
  const blank = fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u3000');
  const blanks = fc.array(blank, { maxLength: 5 }).map((all) => all.join(''));
  const ends = fc.array(fc.oneof(blank, fc.constant('\x1d')), { maxLength: 5 }).map((all) => all.join(''));

  it('are no part of it, however many there are', () => {
    fc.assert(
      fc.property(blanks, ends, (before, after) => {
        expect(read(`(01)${gtin}(21)${before}7${after}`)).toEqual([`${base}01/${gtin}/21/7`]);
      }),
    );
    expect(read(`(01)${gtin}(21)7${' \x1d'.repeat(4_000)}`)).toEqual([`${base}01/${gtin}/21/7`]);
  });

  it('inside it are not taken out: what follows them is a fault', () => {
    expect(read(`(01)${gtin}(21)7${' \x1d'.repeat(4_000)}x`)).toBe('TOO_LONG');
  });
});
