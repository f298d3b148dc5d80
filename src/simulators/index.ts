export type { Faults, Spell } from './faults.ts';
export type { Noise, SimulatedTag, Simulator } from './simulator.ts';
export { type SimulatorLink, showsCards, startSimulator } from './start.ts';
