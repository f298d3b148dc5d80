import { timingSafeEqual } from 'node:crypto';
import type { ApiKey, Store } from '../../journal/index.ts';
import { type Clock, GatewayError, type Log, textHash } from '../../kit/index.ts';
import { type BrokerAccess, type BrokerAccount, topicRights } from '../../links/index.ts';
import { type ReaderOptions, topicsOf } from '../../readers/index.ts';

type AccountDeps = {
  readonly store: Pick<Store, 'keys'>;
  /** The readers of the configuration, as they are now; the same list until they change. */
  readers(): readonly ReaderOptions[];
  readonly clock: Clock;
  readonly log: Log;
};

/** Accounts of the embedded broker: keys of the kind `mqtt`, whose id is the user name. */
export function createBrokerAccess({ store, readers, clock, log }: AccountDeps): BrokerAccess {
  // Every account that is signed in is asked for every second: rights are made anew only for other readers.
  const made = new Map<string, { readonly all: readonly ReaderOptions[]; readonly account: BrokerAccount }>();
  const accountOf = ({ id, readers: own }: ApiKey): BrokerAccount => {
    const all = readers();
    const known = made.get(id);
    if (known?.all === all) return known.account;
    const mine = all.filter((reader) => own.includes(reader.id));
    const account = { id, ...topicRights(mine.map(topicsOf), all.map(topicsOf)) };
    made.set(id, { all, account });
    return account;
  };
  return {
    signIn: (username, password) => {
      const key = store.keys.byHash(textHash(password));
      if (key === null || key.kind !== 'mqtt' || key.revokedAt !== null || !isSame(key.id, username)) return null;
      void noteUse(store, key.id, clock.now(), log);
      return accountOf(key);
    },
    account: (id) => {
      const key = store.keys.live(id);
      if (key?.kind === 'mqtt') return accountOf(key);
      made.delete(id);
      return null;
    },
  };
}

async function noteUse({ keys }: Pick<Store, 'keys'>, id: string, at: number, log: Log): Promise<void> {
  try {
    await keys.used(id, at);
  } catch (error) {
    // A full disk must not lock out a reader that has come to say what it keeps.
    if (!(error instanceof GatewayError)) throw error;
    log.warn({ code: error.code, keyId: id }, 'key use not recorded');
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The readers behind the embedded broker that no live account is bound to: they cannot sign in where accounts are asked for. */
export function readersWithoutAccount(keys: readonly ApiKey[], readers: readonly string[]): string[] {
  const bound = new Set(keys.filter(isLiveAccount).flatMap((key) => key.readers));
  return readers.filter((id) => !bound.has(id));
}

/** What a site that asks for accounts has to do, in the log of the start: after an upgrade its readers cannot sign in. */
export function tellOfMissingAccounts(
  broker: { readonly access: 'accounts' | 'open' | null; readonly readers: readonly string[] },
  keys: readonly ApiKey[],
  log: Log,
): void {
  const readers = broker.access === 'accounts' ? readersWithoutAccount(keys, broker.readers).join(' ') : '';
  if (readers === '') return;
  const next = 'silentgate key create --mqtt --reader ID for each, and enter user name and password in the reader';
  log.warn({ readers, next }, 'readers have no account at the embedded broker and cannot sign in');
}

function isLiveAccount({ kind, revokedAt }: ApiKey): boolean {
  return kind === 'mqtt' && revokedAt === null;
}
