/** Gen2 memory banks in the order of their numbers, 0 to 3. */
export const memoryBanks = ['reserved', 'epc', 'tid', 'user'] as const;
export type MemoryBank = (typeof memoryBanks)[number];
