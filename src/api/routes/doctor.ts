import { DoctorAnswer } from '../../contract/index.ts';
import type { Principal } from '../access/scopes.ts';
import type { ApiDeps } from '../deps.ts';
import { examine } from '../doctor/doctor.ts';
import { type Route, route } from '../route.ts';

/** Whether a check is about a reader that a bound key has to do with. */
function isOf({ readers }: Principal, name: string): boolean {
  return readers.some((id) => name === `reader ${id}`);
}

/** What is wrong, in plain words. */
export function doctorRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'GET',
      url: '/doctor',
      scope: 'readers:read',
      summary: 'What is wrong and what to do about it',
      schema: { response: DoctorAnswer },
      note: 'A key that is bound to readers sees only what is about those.',
      handler: async (_request, _reply, caller) => {
        const checks = await examine(deps);
        return { checks: checks.filter(({ name }) => caller.readers.length === 0 || isOf(caller, name)) };
      },
    }),
  ];
}
