export {
  createForwarder,
  type Destination,
  DestinationOptions,
  type DestinationStatus,
  destinationProblems,
  type Forwarder,
  keysOf,
  routesOf,
  secretFault,
  secretForm,
} from './crm/index.ts';
