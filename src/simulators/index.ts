export type { Faults, Noise, SimulatedTag, Simulator, Spell } from './simulator.ts';
export { type SimulatorLink, showsCards, startSimulator } from './start.ts';
