/** Why a row, or a code in it, was not taken, and what to do about it. */
export const reasons = {
  EMPTY:
    'The row names no product. Give it a GTIN (in an inventory, a SKU) in the system that wrote the file, or leave it out.',
  CHECK_DIGIT: 'Type the GTIN again from the package: its last digit does not fit the others.',
  LENGTH: 'A GTIN has 8, 12, 13 or 14 digits. Type it again from the package.',
  NOT_DIGITS:
    'A GTIN is all digits. Type it again from the package, or leave the row out if this is a code of your own.',
  PLACEHOLDER: 'Zeros stand for “no GTIN”. Put the real one in, or leave the cell empty.',
  LOST_ZEROS: 'A spreadsheet took the zeros at the front away. Format the column as text, put them back, save again.',
  SCIENTIFIC_NOTATION:
    'The spreadsheet has rounded the number and its digits are lost. Export again and open the file with this column as text.',
  DUPLICATE: 'The GTIN is on an earlier line with another SKU or name. Keep one of the two.',
  UNKNOWN_SKU: 'No product has this SKU. Import the file with the GTINs first, then this one.',
  AMBIGUOUS_SKU: 'Several products have this SKU. Give each its own, or import a file with GTINs.',
  TOO_LONG: 'Shorten it: a SKU has at most 100 characters, a name 300, a row a million.',
  CONTROL_CHARACTER: 'Take the invisible control character out.',
  BIDI_CONTROL: 'Take out the invisible character that turns the direction of writing.',
  COLUMN_COUNT: 'The row has more or fewer cells than the header. Put a text with separators in it between quotes.',
  BAD_QUOTES: 'A quote is open, or stands inside a cell. Write " inside a quoted cell as "".',
} as const satisfies Record<string, string>;

export type Reason = keyof typeof reasons;
