import { Type } from '../../kit/index.ts';
import type { Principal } from '../access/scopes.ts';
import type { ApiDeps } from '../deps.ts';
import { examine } from '../doctor/doctor.ts';
import { type Route, route } from '../route.ts';
import { FaultSchema, nullable } from '../schemas.ts';

const CheckRow = Type.Object({
  name: Type.String(),
  state: Type.String({ description: 'ok, warn or fail' }),
  code: Type.String(),
  params: Type.Unsafe<Readonly<Record<string, string | number>>>({ type: 'object', additionalProperties: true }),
  faults: Type.Array(FaultSchema),
  text: Type.String(),
  next: nullable(Type.String()),
});

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
      schema: { response: Type.Object({ checks: Type.Array(CheckRow) }) },
      note: 'A key that is bound to readers sees only what is about those.',
      handler: async (_request, _reply, caller) => {
        const checks = await examine(deps);
        return { checks: checks.filter(({ name }) => caller.readers.length === 0 || isOf(caller, name)) };
      },
    }),
  ];
}
