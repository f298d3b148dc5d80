import { isDigits } from '../bits/digits.ts';
import type { TagError } from '../epc.ts';
import { tagError } from '../error.ts';
import { isDate } from '../plus/dates.ts';
import { type CharSet, set82, strayAt } from '../text/charset.ts';
import type { Check } from './check.ts';

/** One part of an AI's value. `size` is `null` for a part that takes all that is left. */
export type Part = {
  readonly size: number | null;
  /** Digits only: blanks that are printed between them mean nothing. */
  readonly isNumeric: boolean;
  /** Why this part is wrong, or `null`. */
  problem(value: string): TagError | null;
};

function sizeProblem(length: number, min: number, max: number): TagError | null {
  const expected = min === max ? String(max) : `${min} to ${max}`;
  if (length < min) return tagError('TOO_SHORT', 'The value is too short.', null, expected);
  return length > max ? tagError('TOO_LONG', 'The value is too long.', null, expected) : null;
}

/** `min` to `max` digits; with both the same, exactly so many. */
export function digits(min: number, max = min, check: Check | null = null): Part {
  return {
    size: min === max ? min : null,
    isNumeric: true,
    problem(value) {
      if (!isDigits(value)) return tagError('BAD_CHARACTER', 'The value is not all digits.', null, '0-9');
      return sizeProblem(value.length, min, max) ?? check?.(value) ?? null;
    },
  };
}

type TextRule = { readonly min?: number; readonly set?: CharSet; readonly check?: Check };

/** 1 to `max` characters of set 82, unless the rule says otherwise. */
export function text(max: number, { min = 1, set = set82, check }: TextRule = {}): Part {
  return {
    size: null,
    isNumeric: false,
    problem(value) {
      const size = sizeProblem(value.length, min, max);
      if (size !== null) return size;
      if (strayAt(value, set) >= 0) {
        return tagError('BAD_CHARACTER', 'The value has a character that may not stand here.', null, set.name);
      }
      return check?.(value) ?? null;
    },
  };
}

/** What only a pattern tells. */
export function pattern(test: RegExp, says: string, size: number | null = null): Part {
  return {
    size,
    isNumeric: false,
    problem: (value) =>
      test.test(value) ? null : tagError('BAD_CHARACTER', 'The value is none of those allowed.', null, says),
  };
}

const limits = [24, 60, 60];

/** Whether pairs of digits are hours, minutes and seconds as far as they go. */
function isClock(value: string): boolean {
  const count = value.length / 2;
  return Array.from({ length: count }, (_, at) => Number(value.slice(at * 2, at * 2 + 2))).every(
    (part, at) => part < (limits[at] ?? 0),
  );
}

export type DateRule = {
  /** Digits of the whole that are allowed. */
  readonly sizes: readonly number[];
  /** Digits of the year, 2 or 4. */
  readonly year?: 2 | 4;
  /** Day 00 stands for the whole month. */
  readonly wholeMonth?: true;
};

/** A date, with a time as far as the sizes leave room for one. Every fault of it is `BAD_DATE`. */
export function date({ sizes, year = 2, wholeMonth }: DateRule): Part {
  const isRight = (value: string) => {
    const [yy, month, day] = [
      value.slice(year - 2, year),
      value.slice(year, year + 2),
      value.slice(year + 2, year + 4),
    ];
    if (wholeMonth === undefined && day === '00') return false;
    return isDate(Number(yy), Number(month), Number(day)) && isClock(value.slice(year + 4));
  };
  return {
    size: null,
    isNumeric: true,
    problem: (value) => {
      if (isDigits(value) && sizes.includes(value.length) && isRight(value)) return null;
      return tagError('BAD_DATE', 'There is no such date or time.', null, 'YYMMDD of the calendar');
    },
  };
}

/** One date, or two for a range [AI 7007]. */
export function dateRange(): Part {
  const one = date({ sizes: [6] });
  return {
    ...one,
    problem: (value) => one.problem(value.slice(0, 6)) ?? (value.length > 6 ? one.problem(value.slice(6)) : null),
  };
}
