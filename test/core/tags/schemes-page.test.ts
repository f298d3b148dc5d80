import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tagSchemesPage } from '../../../scripts/docs/tag-schemes.ts';

it('the page that explains each layout is what the rows say', () => {
  expect(readFileSync('docs/tag-schemes.md', 'utf8')).toBe(tagSchemesPage());
});
