export type Backoff = { readonly firstMs: number; readonly maxMs: number; readonly factor: number };

/**
 * The wait before attempt `attempt` (1 = first retry): exponential, capped, with "equal jitter" so that many gateways
 * do not return in step. `random` gives [0, 1). Result in milliseconds, between half the step and the step.
 */
export function backoffMs(policy: Backoff, attempt: number, random: () => number): number {
  const step = Math.min(policy.maxMs, policy.firstMs * policy.factor ** Math.max(0, attempt - 1));
  return Math.round(step / 2 + (step / 2) * random());
}
