import { openStore } from '../../../src/journal/index.ts';

// says that it begins, upgrades the folder, and waits to be killed
const [folder = ''] = process.argv.slice(2);
process.stdout.write('upgrading\n');
openStore({ folder, site: { id: 'taipei-xinyi' }, now: Date.now }, 'gateway');
setInterval(() => undefined, 1000);
