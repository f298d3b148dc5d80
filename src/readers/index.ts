export type { AntennaStatus, ReaderStatus } from './status.ts';
