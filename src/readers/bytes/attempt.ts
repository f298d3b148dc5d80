import { GatewayError } from '../../kit/index.ts';

export type Outcome<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: GatewayError };

/** What went wrong as a value; bugs pass through. */
export async function attempt<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await run(), problem: null };
  } catch (error) {
    if (error instanceof GatewayError) return { value: null, problem: error };
    throw error;
  }
}
