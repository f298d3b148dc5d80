export { type Backoff, backoffMs } from './backoff.ts';
export { type Clock, pause, systemClock, type Timer } from './clock.ts';
export { createCounters } from './counters.ts';
export { type ErrorCode, errorCodes, GatewayError, messageOf } from './errors.ts';
export { contentId, keyedHash, textHash } from './hash.ts';
export { type Log, silentLog } from './log.ts';
export { compile, type Problem, type Static, type TSchema, Type } from './schema.ts';
export { resolveSecret, Secret } from './secret.ts';
export { readYaml, type YamlFile } from './yaml.ts';
