import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { badOf, productsOf, rowsOf } from './products-fixture.ts';

const tee = '04710088000019 TEE-01 白色棉質上衣，「春」';
const plain = 'gtin,sku,name\r\n4710088000019,TEE-01,白色棉質上衣，「春」\r\n';

describe('a file of one’s own', () => {
  test('may have commas, semicolons, tabs or bars, columns in any order, and any line end', () => {
    const files = [
      plain,
      `\ufeff${plain}`,
      plain.replaceAll(',', ';'),
      plain.replaceAll(',', '\t'),
      plain.replaceAll(',', '|'),
      plain.replaceAll('\r\n', '\n'),
      plain.replaceAll('\r\n', '\r'),
      plain.replace('\r\n', '\n'),
      'Name,GTIN,SKU\n"白色棉質上衣，「春」", 4710088000019 ,TEE-01',
      `\r\n\n${plain}`,
    ];
    for (const file of files) expect(productsOf(file)).toEqual([tee]);
  });

  test('a sep= line names the separator and is no header, whatever the header has more of', () => {
    expect(productsOf('sep=;\r\ngtin;name\r\n4710088000019;a,b,c\r\n')).toEqual(['04710088000019 - a,b,c']);
    expect(productsOf('\ufeff"sep=\t"\ngtin\tname\n4710088000019\tx\n')).toEqual(['04710088000019 - x']);
    expect(badOf('sep=;\ngtin;name\n123;x\n')).toEqual(['3 gtin LENGTH']);
  });

  test('GTIN-8, -12, -13 and -14 become GTIN-14', () => {
    const text = 'gtin,name\n96385074,a\n036000291452,b\n4006381333931,c\n10614141123459,d\n';
    expect(rowsOf(text).flatMap(({ products }) => products.map(({ gtin }) => gtin))).toEqual([
      '00000096385074',
      '00036000291452',
      '04006381333931',
      '10614141123459',
    ]);
  });

  test('each bad line has line, column and reason, and harms no other', () => {
    const text = [
      'gtin,sku,name',
      '4710088000019,TEE-01,good',
      '4710088000018,,wrong digit',
      '4.71009E+12,,spreadsheet',
      'abc,,letters',
      '123,,short',
      ',,none',
      '96385074,only two',
      '4006381333931,a,b,c',
      `036000291452,${'x'.repeat(101)},long`,
      '036000291452,b,a\u0007b',
      '036000291452,b,a\u202eb',
      '4006381333931,,last',
    ].join('\n');
    expect(productsOf(text)).toEqual(['04710088000019 TEE-01 good', '04006381333931 - last']);
    expect(badOf(text)).toEqual([
      '3 gtin CHECK_DIGIT',
      '4 gtin SCIENTIFIC_NOTATION',
      '5 gtin NOT_DIGITS',
      '6 gtin LENGTH',
      '7 gtin EMPTY',
      '8  COLUMN_COUNT',
      '9  COLUMN_COUNT',
      '10 sku TOO_LONG',
      '11 name CONTROL_CHARACTER',
      '12 name BIDI_CONTROL',
    ]);
  });

  test('a bad quote and an endless cell cost their own lines, not the file', () => {
    const bad = 'gtin,name\n96385074,"a" b\n4006381333931,c\n';
    expect([productsOf(bad), badOf(bad)]).toEqual([['04006381333931 - c'], ['2  BAD_QUOTES']]);
    const open = 'gtin,name\n4006381333931,c\n96385074,"never closed\n036000291452,b\n';
    expect([productsOf(open), badOf(open)]).toEqual([['04006381333931 - c', '00036000291452 - b'], ['3  BAD_QUOTES']]);
    const long = `gtin,name\n96385074,${'x'.repeat(200_000)}\n4006381333931,c\n`;
    expect([productsOf(long), badOf(long)]).toEqual([['04006381333931 - c'], ['2 name TOO_LONG']]);
    const longer = `gtin,name\n96385074,${'x'.repeat(1_200_000)}\n4006381333931,c\n`;
    expect([productsOf(longer, { chunk: 65_536 }), badOf(longer, { chunk: 65_536 })]).toEqual([
      ['04006381333931 - c'],
      ['2  TOO_LONG'],
    ]);
  });

  test('line breaks in quoted cells are part of them, and a line in there that looks like a product is none', () => {
    const text =
      'gtin,sku,name,body\n4012345123456,S1,Shirt,"<p>a</p>\n4006381333931,S9,Ghost,x\n<p>b</p>"\n96385074,S2,Cap,\n';
    expect(productsOf(text)).toEqual(['04012345123456 S1 Shirt', '00000096385074 S2 Cap']);
    expect(badOf(text)).toEqual([]);
  });

  test('empty columns at the end and repeated columns of no interest are passed over', () => {
    expect(productsOf('gtin,sku,name,,\n4012345123456,S1,x,,\n96385074,S2,y\n')).toEqual([
      '04012345123456 S1 x',
      '00000096385074 S2 y',
    ]);
    expect(productsOf('gtin,sku,name,Tag,Tag\n4012345123456,S1,x,a,b\n')).toEqual(['04012345123456 S1 x']);
    expect(productsOf('gtin,sku,name\n4012345123456,S1,x,,,\n')).toEqual(['04012345123456 S1 x']);
  });

  test('headers may be in Chinese, in capitals, with marks for required fields', () => {
    for (const header of [
      '條碼,貨號,品名',
      '国际条码,货号,商品名称',
      'EAN-13 *,Item Code,Product Name',
      'ＧＴＩＮ,ＳＫＵ,Name#',
    ])
      expect([header, productsOf(`${header}\n4012345123456,S1,x\n`)]).toEqual([header, ['04012345123456 S1 x']]);
  });

  test('what is no such file is refused as a whole, with what it should be', () => {
    for (const text of ['', '\n\n', 'sku,name\na,b\n', 'gtin\n96385074\n', 'gtin,gtin,name\n1,2,3\n', ',,,\n'])
      expect(() => rowsOf(text)).toThrow(expect.objectContaining({ code: 'CSV_INVALID' }));
    expect(() => rowsOf('ID,Type,SKU,Name,Published\n1,simple,a,b,1\n')).toThrow(/WooCommerce.*mapping/);
  });

  test('no text at all makes it break in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (noise, chunk) => {
        let code = 'none';
        try {
          rowsOf(`gtin,name\n${noise}`, { chunk });
          rowsOf(noise, { chunk });
        } catch (error) {
          code = (error as { code: string }).code;
        }
        expect(['none', 'CSV_INVALID']).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a mapping', () => {
  const text = 'Art.Nr;EAN Stück;EAN Karton;Bezeichnung;Farbe\nA1;4012345123456;4006381333931;Hemd;rot\n';
  const mapping = { gtin: ['EAN Stück', 'EAN Karton'], sku: 'Art.Nr', name: 'Bezeichnung', variant: 'Farbe' };

  test('says which columns hold what; several GTIN columns all count', () => {
    expect(productsOf(text, { mapping })).toEqual(['04012345123456 A1 Hemd - rot', '04006381333931 A1 Hemd - rot']);
  });

  test('overrides a format where it speaks and leaves it where it does not', () => {
    const square = 'Token,Item Name,Variation Name,SKU,GTIN,Case GTIN\nT1,Tea,Green,S1,96385074,4006381333931\n';
    expect(productsOf(square, { mapping: { gtin: 'Case GTIN', sku: null } })).toEqual(
      ['04006381333931 S1 Tea - Green'].map((one) => one.replace('S1', '-')),
    );
  });

  test('names the column whose rows belong together: a row without a name has that of the first', () => {
    const styles = 'Style,Art,EAN,Text,Size\nA,1,4012345123456,Shirt,M\nA,2,96385074,,L\nB,3,4006381333931,,L\n';
    const kin = { gtin: 'EAN', sku: 'Art', name: 'Text', variant: 'Size', group: 'Style' };
    expect(productsOf(styles, { mapping: kin })).toEqual([
      '04012345123456 1 Shirt - M',
      '00000096385074 2 Shirt - L',
      '04006381333931 3 -',
    ]);
  });

  test('a header that is not there, or is there twice, is an error that names it', () => {
    expect(() => rowsOf(text, { mapping: { gtin: 'EAN' } })).toThrow(/“EAN”.*EAN Stück/);
    expect(() => rowsOf('a,b,b\n1,2,3\n', { mapping: { gtin: 'b', name: 'a' } })).toThrow(/“b”.*more than once/);
  });
});
