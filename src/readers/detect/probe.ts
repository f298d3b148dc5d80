import type { Profile } from '../../profiles/index.ts';
import {
  type ByteProfile,
  bytesOf,
  commandBytes,
  compileEncoder,
  compileFraming,
  type LineProfile,
} from '../../protocols/index.ts';
import type { LineFormat } from '../line-format.ts';

/** A family that may be on a serial line. */
export type WiredProfile = ByteProfile | LineProfile;

/** A question that changes nothing: `bytes` are written, and the answer is waited for. */
export type Probe = { readonly bytes: Uint8Array; readonly waitMs: number };

/** How a line is set: as profiles name it. */
export type Setting = { readonly baudRate: number; readonly format: LineFormat };

/** What is tried at one setting of the line: who may be heard there, and what may be asked. */
export type Trial = {
  readonly setting: Setting;
  /** Quiet time after opening, ms. */
  readonly openMs: number;
  readonly profiles: readonly WiredProfile[];
  readonly probes: readonly Probe[];
};

const LONGEST_WAIT_MS = 500;

/**
 * The trials, the likeliest first: a setting is the likelier the more families begin with it. Only `identify` is ever
 * written, and a family's wake-up bytes before it; families that share a question are asked once.
 */
export function trialsOf(profiles: readonly Profile[]): Trial[] {
  const wired = profiles.filter((profile) => profile.kind === 'bytes' || profile.kind === 'lines');
  const bySetting = new Map<string, { setting: Setting; weight: number; profiles: WiredProfile[] }>();
  for (const profile of wired) {
    for (const [rank, baudRate] of profile.port.baud.entries()) {
      const format = formatOf(profile);
      const key = `${baudRate} ${format}`;
      const trial = bySetting.get(key) ?? { setting: { baudRate, format }, weight: 0, profiles: [] };
      bySetting.set(key, trial);
      trial.profiles.push(profile);
      trial.weight += 1 / (1 + rank * rank * 4);
    }
  }
  return [...bySetting.values()]
    .sort((a, b) => b.weight - a.weight)
    .map(({ setting, profiles: here }) => ({
      setting,
      openMs: Math.max(...here.map(({ port }) => port.openMs)),
      profiles: here,
      probes: probesOf(here),
    }));
}

function formatOf(profile: WiredProfile): LineFormat {
  return profile.kind === 'bytes' ? profile.port.format : '8N1';
}

function probesOf(profiles: readonly WiredProfile[]): Probe[] {
  const probes = new Map<string, Probe>();
  for (const probe of profiles.flatMap((profile) =>
    profile.kind === 'bytes' ? byteProbes(profile) : lineProbes(profile),
  )) {
    const key = Buffer.from(probe.bytes).toString('hex');
    if (!probes.has(key)) probes.set(key, probe);
  }
  return [...probes.values()];
}

/** One probe per framing that commands may be put into. */
function byteProbes(profile: ByteProfile): Probe[] {
  const { identify } = profile.commands;
  if (identify === undefined) return [];
  const encode = compileEncoder(profile);
  const wake = bytesOf(profile.port.wake ?? '');
  return profile.framing
    .filter(({ control }) => control !== true)
    .map((framing) => ({
      bytes: Uint8Array.from([...wake, ...encode('identify', {}, compileFraming(framing, 'toReader'))]),
      waitMs: Math.min(identify.timeoutMs, LONGEST_WAIT_MS),
    }));
}

function lineProbes(profile: LineProfile): Probe[] {
  const { identify } = profile.session;
  if (identify === undefined) return [];
  // What other families were asked may stand in its line: that line is ended first.
  const end = bytesOf(profile.session.lineEnd);
  const bytes = Uint8Array.from([...end, ...commandBytes(profile, identify, {})]);
  return [{ bytes, waitMs: LONGEST_WAIT_MS }];
}
