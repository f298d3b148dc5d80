import { type Decoded, openDecoder } from '../../profiles/index.ts';
import type { WiredProfile } from './probe.ts';

/** What was found on a line. */
export type FoundReader = {
  readonly profile: string;
  /** What it says that it is; null where it only talks. */
  readonly identity: string | null;
  /** `answered` our question, or was `heard` reading. */
  readonly how: 'answered' | 'heard';
  /** Other profiles that fit as well as far as can be told. */
  readonly alternatives: readonly string[];
};

type Evidence = { readonly profile: WiredProfile; score: number; identity: string | null; reads: number; bad: number };

/** Answers are surer than reads, and a model that the profile names is surer than one of the same family. */
const scores = { reads: 1, otherModel: 2, answered: 3, model: 4 };
const MOST_BAD = 1_000;

/**
 * Lets every family that speaks at this setting have a look at what comes, and says who understood it. Our own question
 * that comes back as an echo (half-duplex adapters, loop-backs) is taken out first.
 */
export function createVerdict(profiles: readonly WiredProfile[]) {
  const all = profiles.map((profile) => ({
    decoder: openDecoder(profile),
    evidence: { profile, score: 0, identity: null, reads: 0, bad: 0 } as Evidence,
  }));
  const echo = createEcho();
  const ranked = () =>
    all
      .map(({ evidence }) => evidence)
      .filter(({ score }) => score > 0)
      .sort(bySurety);
  const heard = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    for (const { decoder, evidence } of all) {
      for (const decoded of decoder.push(bytes)) weigh(evidence, decoded);
    }
  };
  return {
    asked: (bytes: Uint8Array): void => heard(echo.expect(bytes)),
    chunk: (bytes: Uint8Array): void => heard(echo.without(bytes)),
    /** Nobody can be surer. */
    isSure: (): boolean => all.some(({ evidence }) => evidence.score >= scores.otherModel),
    /** The one that was understood best has no question to answer. */
    isOnlyHeard: (): boolean => {
      const [best] = ranked();
      return best !== undefined && !isAskable(best.profile);
    },
    /** null when nobody understood anything. */
    found: (): FoundReader | null => verdictOf(ranked()),
  };
}

function isAskable(profile: WiredProfile): boolean {
  return profile.kind === 'bytes' ? profile.commands.identify !== undefined : profile.session.identify !== undefined;
}

function weigh(evidence: Evidence, decoded: Decoded): void {
  const { profile } = evidence;
  if (decoded.kind === 'bad') evidence.bad = Math.min(MOST_BAD, evidence.bad + 1);
  if (decoded.kind === 'read') {
    evidence.reads += 1;
    evidence.score = Math.max(evidence.score, scores.reads);
  }
  if (decoded.kind !== 'answer' || decoded['ok'] === false) return;
  const isIdentity =
    profile.kind === 'lines' ? profile.session.identify !== undefined : decoded['command'] === 'identify';
  if (!isIdentity) return;
  const fields = decoded['fields'] as Readonly<Record<string, unknown>>;
  evidence.score = Math.max(evidence.score, modelScore(profile, fields));
  evidence.identity = identityOf(fields);
}

function modelScore(profile: WiredProfile, fields: Readonly<Record<string, unknown>>): number {
  const fingerprint = profile.kind === 'bytes' ? profile.fingerprint : undefined;
  if (fingerprint === undefined) return scores.answered;
  return fingerprint.in.includes(String(fields[fingerprint.field])) ? scores.model : scores.otherModel;
}

function identityOf(fields: Readonly<Record<string, unknown>>): string | null {
  const { text, identity, model, firmware, value } = fields;
  if (typeof text === 'string') return text;
  const parts = [identity, model, firmware, value].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}

function verdictOf([best, ...rest]: readonly Evidence[]): FoundReader | null {
  if (best === undefined) return null;
  return {
    profile: best.profile.id,
    identity: best.identity,
    how: best.score > scores.reads ? 'answered' : 'heard',
    alternatives: rest.filter((other) => bySurety(best, other) === 0).map(({ profile }) => profile.id),
  };
}

/** Who understood more; of equals the one that had less to complain of, then the one whose frames are checked. */
function bySurety(a: Evidence, b: Evidence): number {
  return b.score - a.score || b.reads - a.reads || a.bad - b.bad || checked(b.profile) - checked(a.profile);
}

function checked(profile: WiredProfile): number {
  return profile.kind === 'bytes' && profile.framing.some(({ checks }) => checks.length > 0) ? 1 : 0;
}

/** Tells what we wrote from what was answered. */
function createEcho() {
  let expected: Uint8Array = new Uint8Array();
  let held: Uint8Array = new Uint8Array();
  const release = () => {
    const bytes = held;
    expected = new Uint8Array();
    held = new Uint8Array();
    return bytes;
  };
  return {
    /** Returns what was held back before: it was no echo. */
    expect: (bytes: Uint8Array): Uint8Array => {
      const before = release();
      expected = bytes;
      return before;
    },
    without: (bytes: Uint8Array): Uint8Array => {
      if (expected.length === 0) return bytes;
      held = Uint8Array.from([...held, ...bytes]);
      const known = Math.min(held.length, expected.length);
      if (Buffer.compare(held.subarray(0, known), expected.subarray(0, known)) !== 0) return release();
      if (held.length < expected.length) return new Uint8Array();
      const rest = held.subarray(expected.length);
      release();
      return rest;
    },
  };
}
