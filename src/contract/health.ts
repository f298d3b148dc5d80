import { Type } from '../kit/index.ts';

/** Whether the gateway works. */
export const HealthAnswer = Type.Object({ status: Type.String(), version: Type.String(), ready: Type.Boolean() });
