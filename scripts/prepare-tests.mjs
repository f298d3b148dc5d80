// Installs what the tests talk to (a broker, a pty pair, a browser) where it may, and says in one line what is missing where it may not.
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
  const isRoot = process.getuid?.() === 0 && onPath('apt-get');
  try {
    if (!isRoot) throw new Error('not root');
    process.stdout.write(`Installing for the tests: ${missing.join(' ')}\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { stdio: 'inherit', env });
  } catch {
    process.stderr.write(
      `The tests need these Debian packages; install them as root: apt-get install -y ${missing.join(' ')}\n`,
    );
    process.exit(1);
  }
}
