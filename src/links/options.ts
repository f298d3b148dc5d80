import { Secret, type Static, Type } from '../kit/index.ts';

const strict = { additionalProperties: false } as const;
const durationMs = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 604_800_000, description }));

const serialLine = {
  baudRate: Type.Optional(
    Type.Integer({ minimum: 50, maximum: 4_000_000, description: 'overrides the profile’s rate' }),
  ),
  dataBits: Type.Optional(Type.Union([Type.Literal(7), Type.Literal(8)])),
  stopBits: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
  parity: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')])),
  rtscts: Type.Optional(Type.Boolean({ description: 'hardware flow control' })),
  dtr: Type.Optional(Type.Boolean({ description: 'level of DTR after opening' })),
  rts: Type.Optional(Type.Boolean({ description: 'level of RTS after opening' })),
};

/**
 * `link: { serial: … }` of a reader. A `/dev/ttyUSBn` path is followed through its `/dev/serial/by-id` link, so that the
 * device is found again under another number; `byIdFolder` says where those links are on machines without udev's default.
 */
export const SerialOptions = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'device file, best one of /dev/serial/by-id' }),
    ...serialLine,
    byIdFolder: Type.Optional(Type.String({ minLength: 1, description: 'default /dev/serial/by-id' })),
  },
  strict,
);
export type SerialOptions = Static<typeof SerialOptions>;
/** What `openSerial` takes: the configured options with the rate that config or profile decided. */
export type SerialSettings = SerialOptions & { readonly baudRate: number };
/** A rate that is asked for at each opening: a module whose speed is not known is tried at one after the other. */
export type SerialLinkSettings = Omit<SerialOptions, 'baudRate'> & { readonly baudRate: number | (() => number) };

/** TLS of a tcp link. Paths are of PEM files; they are read anew at every connection. */
const TlsOptions = Type.Object(
  {
    ca: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the authority that signed the device' })),
    cert: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the gateway’s certificate' })),
    key: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the gateway’s private key' })),
    serverName: Type.Optional(
      Type.String({ minLength: 1, maxLength: 253, description: 'name in the device’s certificate, default host' }),
    ),
    verify: Type.Optional(
      Type.Boolean({ description: 'false takes any certificate: encrypted, but anybody may answer; default true' }),
    ),
  },
  strict,
);
export type TlsOptions = Static<typeof TlsOptions>;

/**
 * `link: { tcp: … }` of a reader. `idleMs`: silence after which the connection counts as lost (default: never).
 * `listen`: the device dials in at `host:port` of the gateway instead of being dialled; one at a time, only from `from`.
 */
export const TcpOptions = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, description: 'name or address' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    tls: Type.Optional(TlsOptions),
    listen: Type.Optional(Type.Boolean({ description: 'true: the device dials in at host and port of the gateway' })),
    from: Type.Optional(
      Type.String({ minLength: 2, maxLength: 45, description: 'the only IP address that may dial in, default any' }),
    ),
    connectTimeoutMs: durationMs('default 5000'),
    keepAliveMs: durationMs('silence before TCP probes the peer, default 10000'),
    idleMs: durationMs('silence after which the connection counts as lost, default never'),
  },
  strict,
);
export type TcpOptions = Static<typeof TcpOptions>;

/** `mqtt: { broker: embedded, … }`: the broker inside the gateway, for the demo and for small stores. */
const EmbeddedBrokerOptions = Type.Object(
  {
    broker: Type.Literal('embedded'),
    host: Type.Optional(Type.String({ minLength: 1, description: 'address to listen on, default 127.0.0.1' })),
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: 'default 1883' })),
    access: Type.Optional(
      Type.Unsafe<'accounts' | 'open'>(
        Type.Union([Type.Literal('accounts'), Type.Literal('open')], {
          description:
            'accounts: readers sign in with what `silentgate key create --mqtt --reader ID` made; open: anybody may publish and listen; default open where host is of this machine only, else accounts',
        }),
      ),
    ),
  },
  strict,
);

/** `mqtt: { url, … }`: a broker elsewhere, such as Mosquitto. `ca`, `cert` and `key` are paths of PEM files. */
const ExternalBrokerOptions = Type.Object(
  {
    url: Type.String({ pattern: '^mqtts?://[^@/?#]+/?$', description: 'mqtt://host:port or mqtts://host:port' }),
    username: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Secret),
    ca: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the authority that signed the broker' })),
    cert: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the gateway’s certificate' })),
    key: Type.Optional(Type.String({ minLength: 1, description: 'PEM file of the gateway’s private key' })),
    clientId: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,128}$', description: 'default silentgate-<site>' }),
    ),
    connections: Type.Optional(
      Type.Unsafe<'per-reader' | 'shared'>(
        Type.Union([Type.Literal('per-reader'), Type.Literal('shared')], {
          description:
            'per-reader: each reader has a connection and a session of its own, with the client id <clientId>:<reader>; shared: one for all, for a broker that lets an account have only one; default per-reader',
        }),
      ),
    ),
    statusTopic: Type.Optional(
      Type.String({ pattern: '^[^#+]{1,1000}$', description: 'retained "online"/"offline" of the gateway' }),
    ),
    keepaliveMs: durationMs('default 20000'),
    sessionExpiryMs: durationMs('how long the broker keeps what arrives while the gateway is away, default 7 days'),
  },
  strict,
);
export type ExternalBrokerOptions = Static<typeof ExternalBrokerOptions>;

/** The config's `mqtt` key. */
export const MqttOptions = Type.Union([EmbeddedBrokerOptions, ExternalBrokerOptions]);
export type MqttOptions = Static<typeof MqttOptions>;
