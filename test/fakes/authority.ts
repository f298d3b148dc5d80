import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM files of one certificate. */
export type Certificate = { readonly cert: string; readonly key: string };

/** An authority of its own that signs certificates, as a site may have one; all in a folder that `remove` takes away. */
export type Authority = {
  /** The authority's own certificate. */
  readonly ca: string;
  /** Signs a certificate for a DNS name. */
  certify(name: string): Certificate;
  /** A certificate for a DNS name that nobody but itself vouches for. */
  selfSigned(name: string): Certificate;
  remove(): void;
};

/** Throws where openssl is missing. */
export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const file = (name: string) => join(folder, name);
  const openssl = (words: string, ...more: string[]) => {
    const { status, stderr } = spawnSync('openssl', [...words.split(' '), ...more], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl is needed (apt-get install openssl): ${stderr}`);
  };
  const fresh = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  const selfSigned = (name: string): Certificate => {
    const made = { cert: file(`${name}-alone.pem`), key: file(`${name}-alone.key`) };
    const names = ['-addext', `subjectAltName=DNS:${name}`];
    openssl(`req -x509 ${fresh} -days 2 -subj /CN=${name}`, ...names, '-keyout', made.key, '-out', made.cert);
    return made;
  };
  const ca = selfSigned('authority');
  return {
    ca: ca.cert,
    selfSigned,
    certify: (name) => {
      const made = { cert: file(`${name}.pem`), key: file(`${name}.key`) };
      const [request, names] = [file(`${name}.csr`), file(`${name}.ext`)];
      writeFileSync(names, `subjectAltName=DNS:${name}\n`);
      openssl(`req -new ${fresh} -subj /CN=${name}`, '-keyout', made.key, '-out', request);
      const signer = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial'];
      openssl('x509 -req -days 2', '-in', request, '-extfile', names, ...signer, '-out', made.cert);
      return made;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
