import { readFileSync, writeFileSync } from 'node:fs';
import { configurationPage, schemaFile } from './docs/configuration.ts';
import { errorsPage } from './docs/errors.ts';
import { messageProfilesPage } from './docs/message-vocabulary.ts';
import { readerCommandsPage } from './docs/reader-commands.ts';
import { tagSchemesPage } from './docs/tag-schemes.ts';

/** The pages that are made from the code, by path. */
export function generatedPages(): Record<string, string> {
  return {
    'docs/errors.md': errorsPage(),
    'docs/configuration.md': configurationPage(readFileSync('docs/examples/silentgate.yaml', 'utf8')),
    'docs/gateway.schema.json': schemaFile(),
    'docs/readers/message-profiles.md': messageProfilesPage('firmware-profiles'),
    'docs/readers/abilities.md': readerCommandsPage('firmware-profiles'),
    'docs/tag-schemes.md': tagSchemesPage(),
  };
}

if (process.argv[1]?.endsWith('docs.ts') === true) {
  for (const [path, text] of Object.entries(generatedPages())) writeFileSync(path, text);
}
