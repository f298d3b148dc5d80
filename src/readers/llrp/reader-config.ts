import { inner, inners, type MessageTree, numberIn, type Parameter, textIn } from '../../protocols/index.ts';
import type { Singulation } from './requests.ts';

/** What a reader says of its configuration; empty or null where it does not say. */
export type ReaderConfig = {
  /** Upper-case hex: a MAC address (EUI-64) or an EPC, as `readerIdKind` says. */
  readonly readerId: string;
  readonly readerIdKind: 'mac' | 'epc';
  readonly antennas: readonly { readonly port: number; readonly connected: boolean }[];
  readonly singulation: Singulation | null;
};

/** Reads GET_READER_CONFIG_RESPONSE. */
export function readerConfigOf(told: MessageTree): ReaderConfig {
  const identification = inner(told, 'Identification');
  const antennas = inners(told, 'AntennaProperties').map((antenna) => ({
    port: numberIn(antenna, 'antennaId'),
    connected: numberIn(antenna, 'connected') >= 0x80,
  }));
  return {
    readerId: textIn(identification, 'readerId'),
    readerIdKind: numberIn(identification, 'idType') === 0 ? 'mac' : 'epc',
    antennas,
    singulation: singulationOf(inner(told, 'AntennaConfiguration')),
  };
}

/** Of the first antenna: nobody sets them one by one. */
function singulationOf(antenna: Parameter | undefined): Singulation | null {
  const control = inner(inner(antenna, 'C1G2InventoryCommand'), 'C1G2SingulationControl');
  if (control === undefined) return null;
  return { session: numberIn(control, 'session') >> 6, population: numberIn(control, 'population') };
}
