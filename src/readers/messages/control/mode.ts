import type { ReaderSettings } from '../../commands/command.ts';
import type { ModeSettings } from '../../profile/command-profile.ts';
import { isObject } from '../values.ts';
import { filled, type Json, merged, picked, putAt, valueAt } from './json.ts';

/** What is to hold in a mode; powers by port as the configuration names them. */
export type Wanted = ReaderSettings & { readonly antennaPower?: Readonly<Record<string, number>> };

/** The mode to send so that all that is wanted holds: the present one, as far as the reader wants it again, and the changes. */
export function modeWith(spec: ModeSettings, present: Json, wanted: Wanted): Json {
  const kept = spec.keep === undefined ? present : picked(present, spec.keep);
  const mode = merged(structuredClone(spec.base ?? {}), structuredClone(kept));
  if (wanted.antennas !== undefined) placePorts(spec, mode, wanted.antennas);
  if (wanted.power !== undefined || wanted.antennaPower !== undefined) placePower(spec, mode, wanted);
  if (wanted.session !== undefined) placeSession(spec, mode, wanted.session);
  if (wanted.filter !== undefined) placeFilter(spec, mode, wanted.filter.mask);
  return mode;
}

function placePorts({ ports }: ModeSettings, mode: Json, wanted: readonly number[]): void {
  if (ports === undefined) return;
  const { list, port } = ports;
  const rows = rowsAt(mode, list);
  const rowOf = (key: string, number: number) =>
    rows.find((row) => row[key] === number) ?? { ...rows[0], [key]: number };
  putAt(mode, list, port === undefined ? [...wanted] : wanted.map((number) => rowOf(port, number)));
}

function placePower({ ports, power }: ModeSettings, mode: Json, wanted: Wanted): void {
  if (power === undefined) return;
  const unitsAt = (port: unknown): number | undefined => {
    const dbm = wanted.antennaPower?.[String(port)] ?? wanted.power;
    return dbm === undefined ? undefined : Math.round(dbm * power.unitsPerDbm * 1000) / 1000;
  };
  if (ports?.port === undefined) putAt(mode, power.path, onePower(ports, power.path, mode, wanted, unitsAt));
  else {
    for (const row of rowsAt(mode, ports.list)) {
      const units = unitsAt(row[ports.port]);
      if (units !== undefined) putAt(row, power.path, units);
    }
  }
}

type Ports = ModeSettings['ports'];

/** One number for all ports, or a list in their order where the ports differ. */
function onePower(
  ports: Ports,
  path: string,
  mode: Json,
  { antennaPower }: Wanted,
  unitsAt: (port: unknown) => number | undefined,
): unknown {
  if (antennaPower === undefined) return unitsAt(null);
  const present = valueAt(mode, path);
  const numbers = valueAt(mode, ports?.list ?? '');
  const list: unknown[] = Array.isArray(numbers) ? numbers : Object.keys(antennaPower).map(Number);
  return list.map((port, i) => unitsAt(port) ?? (Array.isArray(present) ? present[i] : present));
}

function placeSession({ ports, session }: ModeSettings, mode: Json, wanted: number): void {
  if (session === undefined) return;
  const value = session.values[wanted];
  if (ports?.port !== undefined) {
    for (const row of rowsAt(mode, ports.list)) putAt(row, session.path, value);
    return;
  }
  const above = session.path.split('.').slice(0, -1).join('.');
  const key = session.path.split('.').at(-1) ?? '';
  const holder = above === '' ? mode : valueAt(mode, above);
  if (Array.isArray(holder)) {
    for (const one of holder.filter(isObject)) putAt(one, key, value);
    return;
  }
  if (above !== '' && !isObject(holder)) putAt(mode, above, structuredClone(session.beside ?? {}));
  putAt(mode, session.path, value);
}

function placeFilter({ filter }: ModeSettings, mode: Json, mask: string): void {
  if (filter === undefined) return;
  for (const path of filter.without ?? []) delete (mode as Record<string, unknown>)[path];
  putAt(mode, filter.path, filled(filter.value, { mask: mask.toLowerCase() }));
}

function rowsAt(mode: Json, path: string): Record<string, unknown>[] {
  const rows = valueAt(mode, path);
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}
