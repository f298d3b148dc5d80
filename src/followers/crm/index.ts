export { createForwarder, type Forwarder } from './forwarder.ts';
export { type Destination, DestinationOptions, destinationProblems } from './options.ts';
export { keysOf, secretFault, secretForm } from './signature.ts';
export type { DestinationStatus } from './status.ts';
