export { holds, type Json, objectsOf, valueAt } from '../json.ts';
export { objectIn } from './answer.ts';
