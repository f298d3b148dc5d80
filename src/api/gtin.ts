/**
 * A GTIN of 8, 12, 13 or 14 digits as GTIN-14, or null when length or check digit is wrong
 * [GS1 General Specifications 7.9: weights 3 and 1 from the right].
 */
export function gtin14(digits: string): string | null {
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return null;
  const gtin = digits.padStart(14, '0');
  let sum = 0;
  for (let i = 0; i < 14; i++) sum += Number(gtin[i]) * (i % 2 === 0 ? 3 : 1);
  return sum % 10 === 0 ? gtin : null;
}
