import { describe, expect, it } from 'vitest';
import { parseTag } from '../../../src/tags/index.ts';

describe('faults of element strings', () => {
  it.each<[string, string, number | null, string]>([
    ['(01)0950600013435X(21)7', 'BAD_CHARACTER', 17, '0-9'],
    ['(01)095060001343(21)7', 'TOO_SHORT', 16, '14 digits'],
    ['(01)095060001343521(21)7', 'TOO_LONG', 18, '14 digits'],
    ['(01)09506000134352', 'CLASS_LEVEL', null, 'AI 21'],
    ['(01)09506000134351', 'CHECK_DIGIT', 17, '2'],
    ['(01)09506000134352(21)', 'TOO_SHORT', 22, '1 to 20'],
    ['(01)09506000134352(21)123456789012345678901', 'TOO_LONG', 22, '1 to 20'],
    ['(00)09506000134352', 'TOO_SHORT', 18, '18 digits'],
    ['(8003)19506000134352A', 'LEADING_ZERO', 6, '0'],
    ['(8003)9506000134352A', 'LEADING_ZERO', 6, '0'],
    ['(8003)09506000134353A', 'CHECK_DIGIT', 19, '2'],
    ['(8003)06141411234527A', 'LEADING_ZERO', 6, '0'],
    ['(8003)09506000134352A B', 'BAD_CHARACTER', 21, 'character set 82'],
    ['(8003)09506000134352', 'CLASS_LEVEL', 20, 'a serial'],
    ['(8003)0950600013435212345678901234567', 'TOO_LONG', 20, '1 to 16'],
    ['(8006)095060001343520(21)1', 'TOO_SHORT', 20, '2'],
    ['(8006)0950600013435201A2(21)1', 'BAD_CHARACTER', 22, '0-9'],
    ['(8006)09506000134352011(21)1', 'TOO_SHORT', 22, '2'],
    ['(8004)950600', 'TOO_SHORT', 6, '7 to 30'],
    ['(8004)95060X1', 'BAD_CHARACTER', 6, '0-9'],
    ['(8004)950600 1', 'BAD_CHARACTER', 12, 'character set 82'],
    [`(8004)${'9'.repeat(31)}`, 'TOO_LONG', 6, '7 to 30'],
    ['(8010)9506000AB_(8011)1', 'BAD_CHARACTER', 15, 'character set 39'],
    ['(8010)9506000AB(8011)1099511627776', 'FIELD_OVERFLOW', 21, 'at most 1099511627775'],
    ['(8010)9506000AB(8011)10995116277750', 'TOO_LONG', 21, '1 to 13'],
    ['(8010)9506000AB(8011)A', 'BAD_CHARACTER', 21, '0-9'],
    ['(255)9506000134352A', 'BAD_CHARACTER', 18, '0-9'],
    ['(255)95060001343521234567890123', 'TOO_LONG', 18, '1 to 12'],
    ['(414)9506000134352(254)', 'TOO_SHORT', 23, '1 to 20'],
    ['(21)7', 'UNKNOWN_AI', 0, 'a primary key such as 01 or 00'],
    ['x(01)09506000134352(21)7', 'SYNTAX', 0, '0-9 A-F'],
    ['(01)09506000134352(21)7(21)8', 'SYNTAX', 23, 'each AI once'],
    ['https://h.example/01/09506000134352/21/7?a=b&10=%2', 'BAD_ESCAPE', 48, '%XX'],
    ['https://h.example/01/09506000134352/21/7?17=999999', 'BAD_DATE', 44, 'YYMMDD of the calendar'],
    ['https://h.example/01/09506000134352/21/7?a=b&10=a%20b', 'BAD_CHARACTER', 48, 'character set 82'],
    ['^01095060001343522', 'UNKNOWN_AI', 17, 'an AI'],
    ['^0109506000134352217^217', 'SYNTAX', 21, 'each AI once'],
  ])('%s: %s at %s', (text, code, position, expected) => {
    expect(parseTag(text)).toMatchObject({ ok: false, error: { code, position, expected } });
  });

  it.each([
    ['(414)9506000134352(254)0', 'https://id.gs1.org/414/9506000134352'],
    ['(8011)1(8010)9506000AB', 'https://id.gs1.org/8010/9506000AB/8011/1'],
    ['(8010)9506000AB(8011)0001', 'https://id.gs1.org/8010/9506000AB/8011/0001'],
    ['(01)09506000134352(235)TP(10)L', 'https://id.gs1.org/01/09506000134352/235/TP'],
    ['(01)09506000134352(21)7(235)TP', 'https://id.gs1.org/01/09506000134352/21/7'],
    ['(8004)9506000', 'https://id.gs1.org/8004/9506000'],
    [']e08004950600012', 'https://id.gs1.org/8004/950600012'],
  ])('%s names %s', (text, id) => {
    const result = parseTag(text);
    expect(result.ok ? result.epc.id : result.error.code).toBe(id);
  });
});
