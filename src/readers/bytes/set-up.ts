import { failure, fault, pause } from '../../kit/index.ts';
import { bytesOf, type Operation, type ReaderAnswer, type TemplateValues } from '../../protocols/index.ts';
import { attempt } from './attempt.ts';
import type { ByteSessionDeps } from './session-deps.ts';
import { settingOperations, settingValues } from './settings.ts';

/** Plays everything that a reader must be told before it takes inventory; throws what stops it. */
export async function setUp(deps: ByteSessionDeps, signal: AbortSignal): Promise<void> {
  const { profile, talk, clock, tracker } = deps;
  await pause(clock, profile.port.openMs, signal);
  if (profile.port.wake !== undefined && !signal.aborted) await talk.raw(bytesOf(profile.port.wake));
  // The module may still be reporting to a gateway that is gone. One that is idle need not answer.
  if (profile.commands.stopInventory !== undefined) await attempt(() => askOrTell(deps, 'stopInventory', {}, 0));
  if (!signal.aborted) tracker.identify(await identify(deps, signal));
  await applySettings(deps, settingOperations(profile, deps.wanted.now()), signal);
}

/** Sets what is wanted, one command after the other; throws what the reader refuses. */
export async function applySettings(
  deps: Pick<ByteSessionDeps, 'profile' | 'talk' | 'wanted'>,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<void> {
  const values = settingValues(deps.profile, deps.wanted.now());
  for (const operation of operations) if (!signal.aborted) await askOrTell(deps, operation, values);
}

/** A command without an answer is only told. */
export async function askOrTell(
  { profile, talk }: Pick<ByteSessionDeps, 'profile' | 'talk'>,
  operation: Operation,
  values: TemplateValues,
  retries?: number,
): Promise<void> {
  if (profile.commands[operation]?.answer === undefined) await talk.tell(operation, values);
  else await talk.ask(operation, values, retries === undefined ? {} : { retries });
}

/** Asks who is there, in each framing of the profile beginning with the one last heard. */
async function identify(deps: ByteSessionDeps, signal: AbortSignal): Promise<string> {
  const { profile, framings, talk } = deps;
  if (profile.commands.identify === undefined) return profile.id;
  const first = talk.spoken();
  const others = framings.filter((other) => other !== first && !other.control);
  for (const framing of [first, ...others]) {
    if (signal.aborted) break;
    talk.speak(framing);
    const { value, problem } = await attempt(() => talk.ask('identify'));
    if (problem === null) return identityOf(deps, value);
    if (problem.code !== 'READER_TIMEOUT') throw problem;
  }
  talk.speak(first);
  throw failure(fault('READER_DEAF'));
}

/** `text`, else model and firmware. Another model than the profile is for is told, not refused: many are alike. */
function identityOf({ profile, tracker }: ByteSessionDeps, { fields }: ReaderAnswer): string {
  const { fingerprint } = profile;
  const shown = fingerprint === undefined ? undefined : fields[fingerprint.field];
  if (fingerprint !== undefined && !fingerprint.in.includes(String(shown))) tracker.warn('OTHER_MODEL', 1);
  if (typeof fields['text'] === 'string') return fields['text'];
  const parts = [fields['model'], fields['firmware']].filter((part) => part !== undefined);
  return parts.length === 0 ? profile.id : parts.join(' ');
}
