import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What every answer tells browsers to refuse: foreign scripts and frames, referrers, sensors, caches. */
export async function secureHeaders(app: FastifyInstance, tls: boolean): Promise<void> {
  const self = ["'self'"];
  await app.register(helmet, {
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
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', 'camera=(self), geolocation=(), microphone=()');
    reply.header('cache-control', 'no-store');
  });
}
