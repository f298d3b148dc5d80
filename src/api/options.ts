import { type Static, Type } from '../kit/index.ts';

export const defaultHost = '127.0.0.1';
export const defaultPort = 8080;

/** The `http` part of the configuration; what is left out is the default. */
export const HttpOptions = Type.Object(
  {
    host: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, default: defaultHost, description: 'address to listen on' }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, default: defaultPort, description: '0 = any free port' }),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          cert: Type.String({ minLength: 1, description: 'path of the certificate chain, PEM' }),
          key: Type.String({ minLength: 1, description: 'path of the private key, PEM' }),
        },
        { additionalProperties: false },
      ),
    ),
    allowedHosts: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9.-]{1,253}$', description: 'a host name, no port' }), {
        maxItems: 50,
        description: 'further names under which the gateway is opened, e.g. behind a proxy',
      }),
    ),
  },
  { additionalProperties: false },
);

export type HttpOptions = Static<typeof HttpOptions>;
