/** A chip model: designer (MDID) and model number (TMN) as 3 hex digits each, and bits of user memory where known. */
export type Chip = {
  readonly designer: string;
  readonly model: string;
  readonly name: string;
  readonly userBits: number | null;
};

/** Mask designers by MDID [GS1 list of mask-designer ids]. */
const designers: Readonly<Record<string, string>> = {
  '001': 'Impinj',
  '002': 'Texas Instruments',
  '003': 'Alien Technology',
  '004': 'Intelleflex',
  '005': 'Atmel',
  '006': 'NXP',
  '007': 'STMicroelectronics',
  '008': 'EP Microelectronics',
  '009': 'Motorola',
  '00A': 'Sentech Snd Bhd',
  '00B': 'EM Microelectronic',
  '00C': 'Renesas',
  '00D': 'Mstar',
  '00E': 'Tyco',
  '00F': 'Quanray',
  '010': 'Fujitsu',
  '011': 'LSIS',
  '012': 'CAEN RFID',
  '013': 'Productivity Engineering',
  '014': 'Federal Electric',
  '015': 'ON Semiconductor',
  '016': 'Ramtron',
  '017': 'Tego',
  '018': 'Ceitec',
  '019': 'CPA Wernher von Braun',
  '01A': 'TransCore',
  '01B': 'Nationz',
  '01C': 'Invengo',
  '01D': 'Kiloway',
  '01E': 'Longjing',
  '024': 'RF Micron (Axzon)',
};

const rows: readonly (readonly [designer: string, model: string, name: string, userBits: number | null])[] = [
  ['001', '093', 'Monza 3', 0],
  ['001', '100', 'Monza 4D', 32],
  ['001', '104', 'Monza 4U', 512],
  ['001', '105', 'Monza 4QT', 512],
  ['001', '10C', 'Monza 4E', 128],
  ['001', '114', 'Monza 4i', 480],
  ['001', '130', 'Monza 5', 32],
  ['001', '160', 'Monza R6', 0],
  ['001', '170', 'Monza R6-P', null],
  ['001', '173', 'Monza S6-C', null],
  ['003', '411', 'Higgs 2', 0],
  ['003', '412', 'Higgs 3', 512],
  ['003', '414', 'Higgs 4', 128],
  ['003', '811', 'Higgs EC', null],
  ['003', '813', 'Higgs 10', null],
  ['003', '821', 'Higgs 9', 688],
  ['006', '003', 'UCODE G2XM', 512],
  ['006', '004', 'UCODE G2XL', 0],
  ['006', '806', 'UCODE G2iL', 0],
  ['006', '807', 'UCODE G2iL+', 0],
  ['006', '80A', 'UCODE G2iM', 256],
  ['006', '80B', 'UCODE G2iM+', null],
  ['006', '890', 'UCODE 7', 0],
  ['006', '894', 'UCODE 8', 0],
  ['006', '994', 'UCODE 8m', null],
  ['006', '995', 'UCODE 9', 0],
  ['006', 'D12', 'UCODE 7xm-1k', 1024],
  ['006', 'F12', 'UCODE 7xm-2k', 2048],
  ['00B', '044', 'EM4325', 3072],
  ['024', '402', 'Magnus-S2', null],
  ['024', '403', 'Magnus-S3', null],
];

/** Chip models that are known by name. Models that sources name differently are left out. */
export const chips: readonly Chip[] = rows.map(([designer, model, name, userBits]) => ({
  designer,
  model,
  name,
  userBits,
}));

/** The designer's name, or `null`. */
export function designerName(mdid: string): string | null {
  return designers[mdid] ?? null;
}

/** The chip of a TID, or `null`. */
export function chipOf(mdid: string, tmn: string): Chip | null {
  return chips.find((chip) => chip.designer === mdid && chip.model === tmn) ?? null;
}
