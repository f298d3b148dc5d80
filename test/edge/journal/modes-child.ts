import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { openStore, restoreBackup } from '../../../src/journal/index.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';
import { writeWhole } from '../../../src/kit/index.ts';
import { at } from './store-values.ts';

/** Does everything that writes into the data folder given to it, under the umask given to it (octal). */
const [folder = '', umask = '', rounds = '1'] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const site = { id: 'taipei-xinyi' };
const now = () => at;

for (let round = 0; round < Number(rounds); round++) {
  const data = join(folder, `data-${round}`);
  if (round % 2 === 0) {
    mkdirSync(data, { mode: 0o700 });
    const old = openDatabase(databaseFile(data));
    migrate(old, migrations.slice(0, 1), at);
    old.close();
  }
  const store = openStore({ folder: data, site, now }, 'gateway');
  await store.putProducts(
    Array.from({ length: 50 }, (_, n) => ({ gtin: String(n).padStart(14, '0'), sku: null, name: 'n' })),
  );
  const stage = await store.stageProducts();
  stage.add({ gtin: '04712345678904', sku: null, name: 'staged' });
  await stage.enter();
  const target = join(folder, `backup-${round}`);
  mkdirSync(target, { mode: 0o700 });
  await store.backup(join(target, 'shop.backup'));
  writeWhole(join(data, 'run.json'), '{}');
  writeWhole(join(data, 'baselines.json'), '{}');
  await store.close();
  restoreBackup(join(target, 'shop.backup'), { folder: data, site: site.id, adopt: false, now: at });
}
