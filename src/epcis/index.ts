export { customerToEpcis, toEpcis } from './epcis-event.ts';
