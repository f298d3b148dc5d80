// What the tests talk to (a broker, a pty pair, a browser): says what is missing, and as root installs it, unless TESTS_INSTALL=no.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const needs = [
  { package: 'mosquitto', found: () => existsSync('/usr/sbin/mosquitto') || onPath('mosquitto') },
  { package: 'mosquitto-clients', found: () => onPath('mosquitto_pub') },
  { package: 'socat', found: () => onPath('socat') },
  { package: 'curl', found: () => onPath('curl') },
  { package: 'openssl', found: () => onPath('openssl') },
  { package: 'chromium', found: () => onPath('chromium') },
  { package: 'fonts-noto-cjk', found: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc') },
];

function onPath(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

const missing = needs.filter((need) => !need.found()).map((need) => need.package);
if (missing.length > 0) {
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const may = process.env.TESTS_INSTALL !== 'no' && process.getuid?.() === 0 && onPath('apt-get');
  if (!may) refuse(command);
  process.stdout.write(
    `The tests need Debian packages that are not here. Running as root: apt-get update && ${command}\n(TESTS_INSTALL=no npm test installs nothing.)\n`,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('sh', ['-c', command], { stdio: 'inherit', env });
  } catch {
    refuse(command);
  }
}

function refuse(command) {
  process.stderr.write(`The tests need Debian packages that are not here; install them as root: ${command}\n`);
  process.exit(1);
}
