import { openDatabase } from '../../../src/journal/connection.ts';
import { databaseFile } from '../../../src/journal/files.ts';
import { migrate } from '../../../src/journal/migrate.ts';
import { migrations } from '../../../src/journal/migrations/index.ts';

// kills itself, as hard as can be, before the given statement of an upgrade
const [folder = '', before = '0'] = process.argv.slice(2);
const db = openDatabase(databaseFile(folder));
db.function('die', () => process.kill(process.pid, 'SIGKILL') && null);
const statements = ['CREATE TABLE one (a)', "INSERT INTO one VALUES ('x')", 'DELETE FROM stock'];
statements.splice(Number(before), 0, 'SELECT die()');
migrate(db, [...migrations, { version: migrations.length + 1, name: 'test', sql: statements.join(';') }], Date.now());
