export { customerToEpcis, toEpcis } from './epcis-event.ts';
export type { Site } from './place.ts';
