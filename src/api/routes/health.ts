import { HealthAnswer } from '../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { type Route, route } from '../route.ts';

const freshMs = 2000;

/** Whether the gateway works, for load balancers and the curious: the only route that tells the anonymous anything. */
export function healthRoutes({ store, clock, version, isOpen = () => true }: ApiDeps): Route[] {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let works = Promise.resolve(false);
  const look = async () => {
    const { writable, damage } = await store.health();
    return writable && damage === null;
  };
  const storeWorks = () => {
    // Asking the store costs queries, and anybody may ask us.
    if (clock.now() - checkedAt >= freshMs) {
      checkedAt = clock.now();
      works = look();
    }
    return works;
  };
  return [
    route({
      method: 'GET',
      url: '/health',
      scope: 'anonymous',
      summary: 'Whether the gateway works',
      schema: { response: HealthAnswer },
      handler: async () => {
        const works = await storeWorks();
        return { status: works ? 'ok' : 'failing', version, ready: works && isOpen() };
      },
    }),
  ];
}
