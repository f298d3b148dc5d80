import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';

/**
 * What every answer tells browsers to refuse: foreign scripts and frames, referrers, sensors, caches. All answers tell the same, so
 * it is asked of Helmet once.
 */
export async function secureHeaders(app: FastifyInstance, tls: boolean): Promise<void> {
  const headers = {
    ...(await helmetHeaders(helmetOptions(tls))),
    'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
    'cache-control': 'no-store',
  };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

/** What Helmet puts on an answer that has nothing else. */
async function helmetHeaders(options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const app = Fastify();
  await app.register(helmet, options);
  app.get('/', async (_request, reply) => reply.code(204).send());
  const bare = new Set(['date', 'connection']);
  const { headers } = await app.inject('/');
  await app.close();
  const named = Object.entries(headers).filter(([name]) => !bare.has(name));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

function helmetOptions(tls: boolean): FastifyHelmetOptions {
  const self = ["'self'"];
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': self,
        'style-src': self,
        'img-src': ["'self'", 'data:', 'blob:'],
        'connect-src': self,
        'media-src': ["'self'", 'blob:'],
        'worker-src': self,
        'manifest-src': self,
        'base-uri': ["'none'"],
        'form-action': self,
        'frame-ancestors': ["'none'"],
      },
    },
    // `no-referrer` would make browsers send `Origin: null` with forms.
    referrerPolicy: { policy: 'same-origin' },
    // Browsers heed these two only over TLS and complain otherwise.
    strictTransportSecurity: tls,
    crossOriginOpenerPolicy: tls,
    xFrameOptions: { action: 'deny' },
  };
}
