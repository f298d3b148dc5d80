import { createProductStage } from './product-stage.ts';
import type { Queue } from './queue.ts';
import type { Store } from './store.ts';
import type { Product } from './types.ts';

type ProductWrites = Pick<Store, 'putProducts' | 'productsEntered' | 'stageProducts'> & {
  /** Does what a full disk kept the start from doing; the rest of an import may be among it. Rejects with what the database throws. */
  recover(name: 'probe' | 'recover'): Promise<void>;
};

/** Enters products over the queue, and tells who listens of all that are on disk, whoever entered them. */
export function createProductWrites(
  { call, aside, stopped }: Pick<Queue, 'call' | 'aside' | 'stopped'>,
  folder: string,
): ProductWrites {
  const listeners = new Set<Parameters<Store['productsEntered']>[0]>();
  const tell = (gtins: readonly string[] | null) => {
    for (const listener of [...listeners]) listener(gtins);
  };
  const put = async (products: readonly Product[]): Promise<void> => {
    await call('putProducts', products);
    tell(products.map(({ gtin }) => gtin));
  };
  const recover = async (name: 'probe' | 'recover'): Promise<void> => {
    if ((await aside({ name })) === 'products') tell(null);
  };
  return {
    putProducts: put,
    recover,
    productsEntered: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stageProducts: async () => {
      await recover('recover');
      return createProductStage(folder, put, stopped);
    },
  };
}
