import { need, refuse, take } from '../bits/reader.ts';
import { put } from '../bits/writer.ts';
import { tagError } from '../error.ts';
import type { Method } from './method.ts';

/** One bit, 0 or 1 [TDS 14.5.7]. */
export const bit: Method = {
  size: 1,
  read: (reader) => (need(reader, 1) ? String(take(reader, 1)) : ''),
  write(writer, value) {
    if (value !== '0' && value !== '1') return tagError('BAD_CHARACTER', 'The value is not a bit.', null, '0 or 1');
    put(writer, value, 1);
    return null;
  },
};

/** An optional minus sign in one bit [TDS 14.5.14]. */
export const minus: Method = {
  size: null,
  read: (reader) => (need(reader, 1) && take(reader, 1) === 1 ? '-' : ''),
  write(writer, value) {
    if (value !== '' && value !== '-') return tagError('BAD_CHARACTER', 'This is no minus sign.', null, 'nothing or -');
    put(writer, value === '-' ? 1 : 0, 1);
    return null;
  },
};

const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two-letter country code, 6 bits a letter [TDS 14.5.12]. */
export const country: Method = {
  size: 2,
  read(reader) {
    if (!need(reader, 12)) return '';
    const letters = [take(reader, 6), take(reader, 6)];
    if (letters.every((letter) => letter < 26)) return letters.map((letter) => base64Url.charAt(letter)).join('');
    refuse(reader, 'BAD_CHARACTER', 'This is no country code.', 'two letters A-Z', 12);
    return '';
  },
  write(writer, value) {
    if (!/^[A-Z]{2}$/.test(value))
      return tagError('BAD_CHARACTER', 'This is no country code.', null, 'two letters A-Z');
    for (const letter of value) put(writer, base64Url.indexOf(letter), 6);
    return null;
  },
};

/** Sequence indicator n/m of two digits 1 to 9 [TDS 14.5.15]. */
export const sequence: Method = {
  size: 3,
  read(reader) {
    if (!need(reader, 8)) return '';
    const [first, last] = [take(reader, 4), take(reader, 4)];
    if (first > 0 && first < 10 && last > 0 && last < 10) return `${first}/${last}`;
    refuse(reader, 'BAD_CHARACTER', 'This is no sequence indicator.', 'n/m, each 1 to 9', 8);
    return '';
  },
  write(writer, value) {
    if (!/^[1-9]\/[1-9]$/.test(value))
      return tagError('BAD_CHARACTER', 'This is no sequence.', null, 'n/m, each 1 to 9');
    put(writer, value.charAt(0), 4);
    put(writer, value.charAt(2), 4);
    return null;
  },
};
