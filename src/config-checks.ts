import { resolve } from 'node:path';
import { defaultHost, defaultPort, isLoopback } from './api/index.ts';
import type { ConfigFile } from './config-schema.ts';
import { demoSite } from './demo/index.ts';
import { secretFault, secretForm } from './followers/index.ts';
import { type PemFiles, type Problem, pemFaults, renewalDue, secretProblems } from './kit/index.ts';
import { readerClashes, sharedTopics } from './readers/index.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What keeps a gateway from starting, though the file fits the schema: secrets and TLS files that cannot be used, and
 * ports, devices, addresses and topics that two parts of the file would need. `base` is the folder of the file.
 */
export function startProblems(value: ConfigFile, base: string, env: Env): Problem[] {
  return [
    ...secretProblems(value, env, webhookSecret),
    ...identities(value, base).flatMap(identityProblems),
    ...listenClashes(value),
    ...under('/readers', readerClashes(value.readers)),
  ];
}

/** Values that fit the schema and are wrong all the same, whoever uses the file. */
export function valueProblems(value: ConfigFile): Problem[] {
  return [...demoProblems(value), ...addressProblems(value)];
}

/** What runs, and should not stay so. `allowed` says what would be better. */
export function startWarnings(value: ConfigFile, base: string, now: number): Problem[] {
  return [
    ...openToAll(value),
    ...readablePasswords(value),
    ...identities(value, base).flatMap((identity) => dueCertificates(identity, now)),
    ...under('/readers', sharedTopics(value.readers)),
  ];
}

/** A file of the demo's site could have its folder, and made-up goods would be in the stock. */
function demoProblems({ site: { id } }: ConfigFile): Problem[] {
  return id === demoSite ? [{ pointer: '/site/id', found: id, allowed: 'another id: this one is the demo’s' }] : [];
}

function addressProblems({ mqtt, readers }: ConfigFile): Problem[] {
  const addresses = [
    ...(mqtt !== undefined && 'url' in mqtt ? [{ pointer: '/mqtt/url', found: mqtt.url }] : []),
    ...readers.flatMap(({ control }, i) =>
      control === undefined ? [] : [{ pointer: `/readers/${i}/control/url`, found: control.url }],
    ),
  ];
  return addresses
    .filter(({ found }) => !URL.canParse(found))
    .map((one) => ({ ...one, allowed: 'an address with a host name or an IP address' }));
}

const under = (above: string, problems: readonly Problem[]) =>
  problems.map((problem) => ({ ...problem, pointer: `${above}${problem.pointer}` }));

/** What is wrong with the text of a destination's secret; any other secret may be any text. */
function webhookSecret(pointer: string, text: string): string | null {
  const fault = pointer.startsWith('/crm/') ? secretFault(text) : null;
  return fault === null ? null : `${secretForm}. This one ${fault}`;
}

/** PEM files that stand together at one place of the file; the paths as whoever uses them takes them. */
type Identity = { readonly pointer: string; readonly files: PemFiles; readonly needed: boolean };

function identities({ http, mqtt, readers, crm = [] }: ConfigFile, base: string): Identity[] {
  const broker: Named = mqtt !== undefined && 'url' in mqtt ? mqtt : {};
  const inBase = (path: string | undefined) => (path === undefined ? undefined : resolve(base, path));
  const [ca, cert, key] = [broker.ca, broker.cert, broker.key].map(inBase);
  return [
    ...(http?.tls === undefined ? [] : [identity('/http/tls', http.tls, true)]),
    identity('/mqtt', { ca, cert, key }),
    ...readers.flatMap(({ link: { tcp }, control }, i) => [
      ...(tcp?.tls === undefined ? [] : [identity(`/readers/${i}/link/tcp/tls`, tcp.tls, tcp.listen === true)]),
      identity(`/readers/${i}/control`, { ca: control?.ca }),
    ]),
    ...crm.map((destination, i) => identity(`/crm/${i}`, { ca: destination.ca })),
  ];
}

/** Paths of all PEM files that the file names. */
export function pemPaths(value: ConfigFile, base: string): string[] {
  return identities(value, base).flatMap(({ files }) => Object.values(files).filter((path) => path !== null));
}

type Named = {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

function identity(
  pointer: string,
  { ca = null, cert = null, key = null }: { [K in keyof Named]: Named[K] | null },
  needed = false,
): Identity {
  return { pointer, files: { ca, cert, key }, needed };
}

function identityProblems({ pointer, files, needed }: Identity): Problem[] {
  if (needed && files.cert === null && files.key === null)
    return [
      { pointer, found: 'neither cert nor key', allowed: 'cert and key, which whoever listens with TLS must have' },
    ];
  return pemFaults(files).map(({ file, fault }) => ({
    pointer: `${pointer}/${file}`,
    found: files[file],
    allowed: `a ${file === 'key' ? 'private key' : 'certificate'} in PEM that can be used: ${fault}`,
  }));
}

function dueCertificates({ pointer, files }: Identity, now: number): Problem[] {
  return (['ca', 'cert'] as const).flatMap((file) => {
    const path = files[file];
    const due = path === null ? null : renewalDue(path, now);
    return due === null ? [] : [{ pointer: `${pointer}/${file}`, found: path, allowed: `${due}: renew it` }];
  });
}

type Listener = { readonly pointer: string; readonly who: string; readonly host: string; readonly port: number };

/** Every port that the gateway itself would listen on; 0 is any free one. */
function listenersOf({ http = {}, mqtt, readers }: ConfigFile): Listener[] {
  const page = { pointer: '/http/port', who: 'http', host: http.host ?? defaultHost, port: http.port ?? defaultPort };
  const broker =
    mqtt !== undefined && 'broker' in mqtt
      ? [{ pointer: '/mqtt/port', who: 'mqtt', host: mqtt.host ?? '127.0.0.1', port: mqtt.port ?? 1883 }]
      : [];
  const devices = readers.flatMap(({ id, link: { tcp } }, i) =>
    tcp?.listen === true
      ? [{ pointer: `/readers/${i}/link/tcp/port`, who: `reader ${id}`, host: tcp.host, port: tcp.port }]
      : [],
  );
  return [page, ...broker, ...devices].filter(({ port }) => port !== 0);
}

function listenClashes(value: ConfigFile): Problem[] {
  const listeners = listenersOf(value);
  return listeners.flatMap(({ pointer, host, port }, i) => {
    const other = listeners.slice(0, i).find((earlier) => earlier.port === port && sameHost(earlier.host, host));
    return other === undefined
      ? []
      : [{ pointer, found: port, allowed: `a port that nothing else in this file listens on; ${other.who} has it` }];
  });
}

function sameHost(one: string, other: string): boolean {
  const [a, b] = [one, other].map((host) => (host.toLowerCase() === 'localhost' ? '127.0.0.1' : host.toLowerCase()));
  const all = (host: string | undefined) => host === '0.0.0.0' || host === '::';
  return a === b || all(a) || all(b);
}

function openToAll({ http = {}, mqtt }: ConfigFile): Problem[] {
  const page = http.host ?? defaultHost;
  const broker = mqtt !== undefined && 'broker' in mqtt ? mqtt : null;
  const open = broker?.access === 'open' && !isLoopback(broker.host ?? '127.0.0.1');
  return [
    ...(http.tls !== undefined || isLoopback(page)
      ? []
      : [
          {
            pointer: '/http/host',
            found: page,
            allowed: plain('keys and sessions', 'http.tls, or 127.0.0.1 behind a proxy that speaks HTTPS'),
          },
        ]),
    ...(open
      ? [
          {
            pointer: '/mqtt/access',
            found: 'open',
            allowed:
              'anybody on the network can publish reads; better accounts (silentgate key create --mqtt --reader ID)',
          },
        ]
      : []),
  ];
}

const plain = (what: string, better: string) =>
  `anybody on the network can read ${what} on their way; better ${better}`;

/** Passwords that leave this machine in plain text, or to whoever answers. */
function readablePasswords({ mqtt, readers }: ConfigFile): Problem[] {
  const broker = mqtt !== undefined && 'url' in mqtt && mqtt.password !== undefined ? mqtt : null;
  const far = (url: string) => !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));
  return [
    ...(broker?.url.startsWith('mqtt:') && far(broker.url)
      ? [{ pointer: '/mqtt/url', found: broker.url, allowed: plain('the password and the reads', 'mqtts://') }]
      : []),
    ...readers.flatMap(({ control, link: { tcp } }, i) => [
      ...(control?.password !== undefined && control.url.startsWith('http:') && far(control.url)
        ? [{ pointer: `/readers/${i}/control/url`, found: control.url, allowed: plain('the password', 'https://') }]
        : []),
      ...(tcp?.tls?.verify === false
        ? [
            {
              pointer: `/readers/${i}/link/tcp/tls/verify`,
              found: false,
              allowed: 'anybody may answer for the reader; better its certificate as ca',
            },
          ]
        : []),
    ]),
  ];
}
